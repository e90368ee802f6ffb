#!/bin/bash
# The description and the capture.
cat /app/FRAMES.txt /app/capture.txt

# From $ to $; a frame is taken as a whole or not at all.
cat > /app/decode <<'SH'
#!/bin/bash
LC_ALL=C exec awk '
BEGIN { for (i = 32; i < 127; i++) code[sprintf("%c", i)] = i }
{
  n = length($0); i = 1
  while (i <= n) {
    if (substr($0, i, 1) == "$" && match(substr($0, i), /^\$[0-9]+,[0-9]+:/)) {
      head = substr($0, i + 1, RLENGTH - 2); split(head, h, ",")
      start = i + RLENGTH; len = h[2] + 0; text = substr($0, start, len)
      if (length(text) == len && substr($0, start + len, 1) == "*") {
        sum = 0; for (k = 1; k <= len; k++) sum += code[substr(text, k, 1)]
        if (substr($0, start + len + 1, 2) == sprintf("%02X", sum % 256)) {
          if (!(h[1] in seen)) { seen[h[1]] = 1; print h[1] " " text }
          i = start + len + 3; continue
        }
      }
    }
    i++
  }
}'
SH
chmod 755 /app/decode

# Deliver.
/app/decode < /app/capture.txt > /app/frames.txt
cat -A /app/frames.txt
