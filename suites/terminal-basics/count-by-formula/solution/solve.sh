#!/bin/bash
# Read it, and note what it says for small limits.
cat /app/count.sh
for n in 5 10 29 30 60 100; do echo "$n $(bash /app/count.sh $n)"; done > /tmp/small.txt; cat /tmp/small.txt

# Divisible by 6, plus by 10, minus by both (30).
cat > /app/count.sh <<'SH'
#!/bin/bash
# usage: count.sh LIMIT
echo $(($1 / 6 + $1 / 10 - $1 / 30))
SH

# Same results as before?
for n in 5 10 29 30 60 100; do echo "$n $(bash /app/count.sh $n)"; done | comm -3 - /tmp/small.txt

# Deliver.
bash /app/count.sh 10000000000007 > /app/answer.txt
cat /app/answer.txt
