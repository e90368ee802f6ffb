for date in 2025-02-30 2025-13-01 2025-04-31 2025-00-10 2025-01-00 2023-02-29 1900-02-29; do
  words=$($R/bin/dayspan $date 2025-06-01 2>&1 > /dev/null); status=$?
  is "$date is refused" "$status $words" "2 dayspan: not a date: $date"
  out=$($R/bin/dayspan 2025-06-01 $date 2> /dev/null); status=$?
  is "$date is refused as the end" "$status $out" '2 '
done
for date in 2024-02-29 2000-02-29 2025-12-31 2025-01-31 2025-08-31; do
  is "$date is a date" "$($R/bin/dayspan $date $date)" '0'
done
