function flush_line() { if (line != "") print line; line = "" }
function put(word) {
  if (line == "") line = indent word
  else if (length(line) + 1 + length(word) <= width) line = line " " word
  else { print line; line = hang word }
}
/^[ \t]*$/ { flush_line(); print ""; indent = hang = ""; next }
/^[-*] / {
  if (NR == 1 || last == "item") flush_line()
  last = "item"
}
{ for (i = 1; i <= NF; i++) put($i) }
END { flush_line() }
