# Compares two parts: numbers by value and before words, words by letters.
function part_order(a, b) {
  if (a ~ /^[0-9]+$/ && b ~ /^[0-9]+$/) return (a + 0 > b + 0) - (a + 0 < b + 0)
  if (a ~ /^[0-9]+$/) return -1
  if (b ~ /^[0-9]+$/) return 1
  return (a "" > b "") - (a "" < b "")
}
function list_order(a, b,   x, y, n, m, i, o) {
  n = split(a, x, ".")
  m = split(b, y, ".")
  for (i = 1; i <= n && i <= m; i++) if ((o = part_order(x[i], y[i])) != 0) return o
  return m - n
}
function order(a, b,   i, j, pre_a, pre_b, o) {
  sub(/\+.*/, "", a)
  sub(/\+.*/, "", b)
  i = index(a, "-")
  j = index(b, "-")
  pre_a = i ? substr(a, i + 1) : ""
  pre_b = j ? substr(b, j + 1) : ""
  o = list_order(i ? substr(a, 1, i - 1) : a, j ? substr(b, 1, j - 1) : b)
  if (o != 0) return o
  if (pre_a == "" || pre_b == "") return (pre_b == "") - (pre_a == "")
  return -list_order(pre_b, pre_a)
}
NF {
  for (at = ++count; at > 1 && order(line[at - 1], $1) > 0; at--) line[at] = line[at - 1]
  line[at] = $1
}
END { for (i = 1; i <= count; i++) print line[i] }
