# Splits one record into cell[1..n]; `open` is 1 when a quote is not closed yet.
function split_record(text,   i, c, n, inside, word) {
  n = 0; word = ""; inside = 0
  for (i = 1; i <= length(text); i++) {
    c = substr(text, i, 1)
    if (inside && c == "\"" && substr(text, i + 1, 1) == "\"") { word = word c; i++ }
    else if (c == "\"") inside = !inside
    else if (c == "," && !inside) { cell[++n] = word; word = "" }
    else word = word c
  }
  cell[++n] = word
  open = inside
  return n
}
{
  sub(/\r$/, "")
  n = split_record($0)
}
!at {
  for (i = 1; i <= n; i++) if (cell[i] == column) at = i
  if (!at) { print "csvcut: no column " column > "/dev/stderr"; bad = 1; exit 1 }
  next
}
{ value = (at <= n ? cell[at] : ""); gsub(/\n/, "\\n", value); print value }
END { if (bad) exit 1 }
