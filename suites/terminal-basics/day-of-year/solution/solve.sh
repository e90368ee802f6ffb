#!/bin/bash
# Try some dates.
cat /app/doy.sh
for d in 2026-01-01 2026-08-09 1900-03-01 2025-02-29; do echo "$d $(bash /app/doy.sh $d 2>&1)"; done

# Form first, base ten, the rule for centuries, months before the given one.
cat > /app/doy.sh <<'SH'
#!/bin/bash
# usage: doy.sh YYYY-MM-DD
if ! [[ ${1-} =~ ^([0-9]{4})-([0-9]{2})-([0-9]{2})$ ]]; then exit 2; fi
y=$((10#${BASH_REMATCH[1]})) m=$((10#${BASH_REMATCH[2]})) d=$((10#${BASH_REMATCH[3]}))
days=(0 31 28 31 30 31 30 31 31 30 31 30 31)
if ((y % 4 == 0 && (y % 100 != 0 || y % 400 == 0))); then days[2]=29; fi
if ((y < 1600 || y > 2999 || m < 1 || m > 12 || d < 1 || d > days[m])); then exit 2; fi
n=$d
for ((i = 1; i < m; i++)); do n=$((n + days[i])); done
echo "$n"
SH

# Deliver.
while read -r date; do bash /app/doy.sh "$date" || echo -; done < /app/dates.txt > /app/days.txt
paste /app/dates.txt /app/days.txt
