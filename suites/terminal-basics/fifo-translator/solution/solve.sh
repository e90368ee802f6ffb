#!/bin/bash
# What is there?
cat /app/svc/README

# The pipe is opened for reading and writing, so that it has no end when a client leaves.
cat > /app/svc/serve <<'SH'
#!/bin/bash
[ -p /app/svc/ask ] || mkfifo /app/svc/ask
exec 3<> /app/svc/ask
while IFS= read -r line <&3; do
  path=${line%% *}; text=${line#* }
  printf '%s\n' "${text^^}" > "$path.part" && mv "$path.part" "$path"
done
SH
chmod 755 /app/svc/serve

# Start it, detached.
LC_ALL=C nohup /app/svc/serve > /app/svc/serve.out 2>&1 < /dev/null &

# Wait for the pipe, then try it.
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do [ -p /app/svc/ask ] && break; sleep 0.05; done
echo '/tmp/answer does it work' > /app/svc/ask
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do [ -s /tmp/answer ] && break; sleep 0.05; done
cat /tmp/answer
