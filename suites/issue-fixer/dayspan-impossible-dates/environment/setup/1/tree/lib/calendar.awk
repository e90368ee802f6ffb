function leap(y) { return y % 4 == 0 && (y % 100 != 0 || y % 400 == 0) }
function month_days(y, m) { return m == 2 ? 28 + leap(y) : 30 + (m + (m > 7)) % 2 }
# Days since 1 January of the year 1.
function number(date,   part, y, m, n) {
  split(date, part, "-")
  y = part[1] + 0
  n = (y - 1) * 365 + int((y - 1) / 4) - int((y - 1) / 100) + int((y - 1) / 400)
  for (m = 1; m < part[2] + 0; m++) n += month_days(y, m)
  return n + part[3] - 1
}
function valid(date,   part) {
  if (date !~ /^[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]$/) return 0
  return 1
}
function check(date) {
  if (valid(date)) return
  print "dayspan: not a date: " date > "/dev/stderr"
  exit 2
}
BEGIN { check(from); check(to); print number(to) - number(from) }
