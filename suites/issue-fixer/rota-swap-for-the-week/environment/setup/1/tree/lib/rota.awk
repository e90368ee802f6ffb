# Days since 1 March of the year 0: leap days come last in such years.
function number(date,   part, y, m) {
  split(date, part, "-")
  y = part[1] + 0
  m = part[2] - 3
  if (m < 0) { m += 12; y-- }
  return y * 365 + int(y / 4) - int(y / 100) + int(y / 400) + int((m * 306 + 5) / 10) + part[3] - 1
}
function floor(x,   n) { n = int(x); return n > x ? n - 1 : n }
function week(date) { return floor((number(date) - first) / 7) }
$1 == "start" { first = number($2); next }
$1 == "person" { name[people++] = $2; next }
$1 == "swap" { swaps++; day[swaps] = $2; other[swaps] = $3; next }
END {
  w = week(date)
  on = name[((w % people) + people) % people]
  for (i = swaps; i >= 1; i--) if (day[i] == date) on = other[i]
  print on
}
