# Cents of an amount as people write it.
function cents(text,   sign, part) {
  sign = 1
  if (sub(/^-/, "", text)) sign = -sign
  gsub(/[,']/, "", text)
  split(text, part, ".")
  return sign * (part[1] * 100 + substr(part[2] "00", 1, 2))
}
function money(c,   sign) {
  sign = c < 0 ? "-" : ""
  if (c < 0) c = -c
  return sprintf("%s%d.%02d", sign, int(c / 100), c % 100)
}
/^[ \t]*(#|$)/ { next }
{ sum[$2] += cents($3) }
END { for (account in sum) print account, money(sum[account]) }
