function flush_line() { if (line != "") print line; line = "" }
function put(word) {
  if (line == "" && length(word) <= width) line = indent word
  else if (length(line) + 1 + length(word) < width) line = line " " word
  else { print line; line = hang word }
}
/^[ \t]*$/ { flush_line(); print ""; indent = hang = ""; next }
/^[-*] / {
  flush_line()
  indent = substr($0, 1, 2)
  hang = "  "
  $0 = substr($0, 3)
  for (i = 1; i <= NF; i++) { put($i); if (i == 1) indent = hang }
  next
}
{ for (i = 1; i <= NF; i++) put($i) }
END { flush_line() }
