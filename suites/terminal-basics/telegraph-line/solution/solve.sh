#!/bin/bash
# The rules of the line.
cat /app/LINE.txt
wc -l /app/messages.txt

# A sender that follows the answers; a bound on the attempts for each message.
cat > /tmp/send.sh <<'SH'
n=0
while IFS= read -r text; do
  n=$((n + 1))
  for attempt in 1 2 3 4 5 6 7 8; do
    answer=$(/app/station send "$n" "$text" < /dev/null)
    case $answer in
      ACK*|DUP*) break ;;
      BUSY*) /app/station wait < /dev/null > /dev/null ;;
      NAK*) ;;
      *) echo "$answer"; exit 1 ;;
    esac
  done
done < /app/messages.txt
echo "$n"
SH

# Send, then close with the count.
rm -rf /app/line
bash /tmp/send.sh > /tmp/count.txt
/app/station close "$(cat /tmp/count.txt)"
comm -3 <(sort /app/messages.txt) <(sort /app/line/received) | head
