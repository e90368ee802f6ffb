function know(name) { if (!(name in known)) { known[name] = 1; total++ } }
# Whether everything that `name` needs is out already.
function ready(name,   i, part, n) {
  n = split(needs[name], part, " ")
  for (i = 1; i <= n; i++) if (!out[part[i]]) return 0
  return 1
}
{
  sub(/#.*/, "")
  if (!index($0, ":")) next
  target = substr($0, 1, index($0, ":") - 1)
  gsub(/[ \t]/, "", target)
  $0 = substr($0, index($0, ":") + 1)
  know(target)
  for (i = 1; i <= NF; i++) { know($i); needs[target] = needs[target] " " $i }
}
END {
  while (done < total) {
    first = ""
    for (name in known)
      if (!out[name] && ready(name) && (first == "" || name < first)) first = name
    if (first == "") break
    print first
    out[first] = 1
    done++
  }
  exit 0
}
