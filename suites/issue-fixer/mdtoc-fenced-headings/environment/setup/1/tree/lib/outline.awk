# The anchor of a heading.
function anchor(title,   a, n) {
  a = tolower(title)
  gsub(/[^a-z0-9 _-]/, "", a)
  gsub(/ /, "-", a)
  n = seen[a]++
  return n ? a "-" n : a
}
{
  text = $0
}
match(text, /^#+ /) && RLENGTH <= 7 {
  level = RLENGTH - 1
  title = substr(text, RLENGTH + 1)
  sub(/ +#* *$/, "", title)
  if (level == 1) next
  printf "%s- [%s](#%s)\n", substr("          ", 1, 2 * (level - 2)), title, anchor(title)
}
