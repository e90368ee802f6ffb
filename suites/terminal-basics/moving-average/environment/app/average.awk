# usage: awk [-v w=WIDTH] -f average.awk FILE
BEGIN { if (w = "") w = 5 }
$2 == "n/a" { print $1, sum / w }
{
  sum += $2
  v[NR] = $2
  if (NR > w) sum -= v[NR - w - 1]
  printf "%d %.1f\n", $1, sum / w
}
