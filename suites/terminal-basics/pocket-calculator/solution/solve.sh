#!/bin/bash
# The language.
cat /app/LANGUAGE.txt /app/programs/*

# Words into an array, comments left out, marks noted; then a loop with a counter.
cat > /app/calc <<'SH'
#!/bin/bash
exec awk '
function fail() { print "error"; bad = 1; exit 1 }
function take() { if (top < 1) fail(); return stack[top--] }
function put(v) { stack[++top] = v }
{ for (i = 1; i <= NF; i++) {
    if ($i == "(") comment = 1
    else if ($i == ")" && comment) comment = 0
    else if (!comment) { word[++n] = $i; if ($i ~ /^.+:$/) mark[substr($i, 1, length($i) - 1)] = n }
} }
END {
  if (bad) exit 1
  for (p = 1; p <= n; p++) {
    w = word[p]
    if (++steps > 10000) { print "too long"; exit 3 }
    if (w ~ /^-?[0-9]+$/) put(w + 0)
    else if (w == "+") { b = take(); a = take(); put(a + b) }
    else if (w == "-") { b = take(); a = take(); put(a - b) }
    else if (w == "*") { b = take(); a = take(); put(a * b) }
    else if (w == "/") { b = take(); a = take(); if (b == 0) fail(); put(int(a / b)) }
    else if (w == "dup") { a = take(); put(a); put(a) }
    else if (w == "drop") take()
    else if (w == "swap") { b = take(); a = take(); put(b); put(a) }
    else if (w == "print") printf "%d\n", take()
    else if (w == "jump" || w == "ifzero") {
      name = word[++p]
      if (w == "ifzero" && take() != 0) continue
      if (!(name in mark)) fail()
      p = mark[name]
    } else if (w !~ /^.+:$/) fail()
  }
}' "$1"
SH
chmod 755 /app/calc
/app/calc /app/programs/countdown.calc

# Deliver.
/app/calc /app/programs/halving.calc > /app/halving.out
cat /app/halving.out
