#!/bin/bash
# The program, its requests, and an answer that it can give.
cat /app/till /app/requests.txt
bash /app/till 12 1 5 10

# Coin by coin, the number of ways for every amount up to the one asked for.
cat > /app/till <<'SH'
#!/bin/bash
# usage: till AMOUNT COIN...
amount=$1; shift
ways=(1)
for coin in "$@"; do
  for ((i = coin; i <= amount; i++)); do ((ways[i] = ways[i] + ways[i - coin])); done
done
echo $((${ways[amount]:-0}))
SH
bash /app/till 12 1 5 10

# Deliver.
while read -r request; do bash /app/till $request; done < /app/requests.txt > /app/answers.txt
cat /app/answers.txt
