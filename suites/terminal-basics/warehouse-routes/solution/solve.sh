#!/bin/bash
# Understand it and note the count of the small map.
cat /app/routes.sh /app/maps/small.txt
bash /app/routes.sh /app/maps/small.txt

# Each field is reached as often as the one above and the one to the left together.
cat > /app/routes.sh <<'SH'
#!/bin/bash
# usage: routes.sh MAP
mapfile -t map < "$1"
columns=${#map[0]}
ways=(1)
for row in "${map[@]}"; do
  for ((c = 0; c < columns; c++)); do
    if [ "${row:c:1}" = '#' ]; then ways[c]=0; elif ((c > 0)); then ways[c]=$((${ways[c]:-0} + ways[c - 1])); else ways[c]=$((${ways[c]:-0})); fi
  done
done
echo "${ways[columns - 1]}"
SH

# Still the same for the small map?
bash /app/routes.sh /app/maps/small.txt

# Deliver.
bash /app/routes.sh /app/maps/hall.txt > /app/hall-count.txt
cat /app/hall-count.txt
