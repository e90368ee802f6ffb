#!/bin/bash
# What is known?
cat /app/safe.sh /app/search.sh
head /app/notes/* /app/mark.txt

# 473 0 ddddd with a last digit of 5: ten thousand PINs. The mark is computed in this shell, not in a process per PIN.
cat > /tmp/find.sh <<'SH'
read -r mark < /app/mark.txt
start=5381
for c in 52 55 51 48; do start=$((((start * 33) ^ c) & 0x7fffffff)); done
for a in {0..9}; do for b in {0..9}; do for c in {0..9}; do for d in {0..9}; do
  h=$start
  ((h = ((h * 33) ^ (48 + a)) & 0x7fffffff, h = ((h * 33) ^ (48 + b)) & 0x7fffffff, h = ((h * 33) ^ (48 + c)) & 0x7fffffff, h = ((h * 33) ^ (48 + d)) & 0x7fffffff, h = ((h * 33) ^ 53) & 0x7fffffff))
  if ((h == mark)); then echo "4730$a$b$c${d}5"; fi
done; done; done; done
SH
bash /tmp/find.sh > /tmp/found.txt; cat /tmp/found.txt

# Confirm with the safe's own script.
bash /app/safe.sh "$(cat /tmp/found.txt)"; cat /app/mark.txt

# Deliver.
cp /tmp/found.txt /app/pin.txt
