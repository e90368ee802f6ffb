# Cents of an amount as people write it.
function cents(text,   sign, part) {
  sign = 1
  if (text ~ /^\(.*\)$/) { sign = -1; text = substr(text, 2, length(text) - 2) }
  gsub(/[,']/, "", text)
  split(text, part, ".")
  return sign * (part[1] * 100 + substr(part[2] "00", 1, 2))
}
function money(c,   sign) {
  return sprintf("%d.%02d", int(c / 100), c < 0 ? -c % 100 : c % 100)
}
/^[ \t]*(#|$)/ { next }
{ sum[$2] += cents($3) }
END { for (account in sum) print account, money(sum[account]) }
