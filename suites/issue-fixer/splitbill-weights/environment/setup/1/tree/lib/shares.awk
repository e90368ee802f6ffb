# First line: the amount; each further line: a name, with a weight or without.
function cents(text,   part) {
  split(text, part, ".")
  return part[1] * 100 + substr(part[2] "00", 1, 2)
}
NR == 1 { amount = cents($0); next }
{
  people++
  name[people] = $0
}
END {
  for (i = 1; i <= people; i++) { share[i] = int(amount / people); given += share[i] }
  for (i = 1; given < amount; i = i % people + 1) { share[i]++; given++ }
  for (i = 1; i <= people; i++) printf "%s %d.%02d\n", name[i], int(share[i] / 100), share[i] % 100
}
