#!/bin/bash
# How does the service behave?
cat /app/quote/quote

# A supervisor is a loop with a short pause.
cat > /app/quote/supervise <<'SH'
#!/bin/bash
while :; do
  /app/quote/quote
  echo "supervise: quote ended with $?, starting it again" >&2
  sleep 0.05
done
SH
chmod 755 /app/quote/supervise

# Leave it running.
nohup /app/quote/supervise > /app/quote/supervise.out 2>&1 < /dev/null &

# More questions than one life of it can answer.
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do [ -d /app/quote/out ] && break; sleep 0.05; done
for n in 1 2 3 4; do echo rope > /app/quote/in/test$n; done
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do [ -e /app/quote/out/test4 ] && break; sleep 0.05; done
head /app/quote/out/*; cat /app/quote/supervise.out
