#!/bin/bash
# How does it step, and how many states can there be?
cat /app/generator.sh

# Walk until a state comes back: tail length, cycle length and all the states.
cat > /tmp/walk.sh <<'SH'
s=$((4711 % 9973)); i=0; declare -A seen
while [ -z "${seen[$s]}" ]; do seen[$s]=$i; states[i]=$s; s=$(((s * s + 12 * s + 7) % 9973)); i=$((i + 1)); done
tail=${seen[$s]}; cycle=$((i - tail))
for n in "$@"; do
  if ((n < tail)); then echo "${states[n]}"; else echo "${states[tail + (n - tail) % cycle]}"; fi
done
SH
bash /tmp/walk.sh 0 5 1000

# Compare with the generator where it can be run.
for n in 0 5 1000; do bash /app/generator.sh 4711 $n; done

# Deliver.
bash /tmp/walk.sh 4000000000000123 3000000000000 > /app/states.txt
cat /app/states.txt
