# The anchor of a heading.
function anchor(title,   a, n) {
  a = tolower(title)
  gsub(/[^a-z0-9 _-]/, "", a)
  gsub(/ /, "-", a)
  return a
}
{
  text = $0
  mark = (text ~ /^(```|~~~)/) ? substr(text, 1, 3) : ""
  if (fence != "") { if (mark == fence) fence = ""; next }
  if (mark != "") { fence = mark; next }
}
match(text, /^#+ /) && RLENGTH <= 7 {
  level = RLENGTH - 1
  title = substr(text, RLENGTH + 1)
  sub(/ +#* *$/, "", title)
  if (level == 1) next
  printf "%s- [%s](#%s)\n", substr("          ", 1, 2 * (level - 2)), title, anchor(title)
}
