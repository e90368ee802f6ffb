#!/bin/bash
# Bytes above 127?
for f in /app/letters/*; do echo "$f"; LC_ALL=C grep -n -a -o "[$(printf '\200')-$(printf '\377')]*" "$f" | od -An -c | head -n 3; done

# Valid UTF-8 is a file in which, once the well-formed sequences are taken out, no such byte is left.
cat > /tmp/kind.sh <<'SH'
export LC_ALL=C
high=$(printf '\200-\377') tail=$(printf '\200-\277')
left() { sed -E "s/[$(printf '\302-\337')][$tail]//g; s/[$(printf '\340-\357')][$tail][$tail]//g; s/[$(printf '\360-\364')][$tail][$tail][$tail]//g" "$1" | grep -a -c "[$high]"; }
for f in /app/letters/*; do if [ "$(left "$f")" != 0 ]; then echo "${f##*/}"; fi; done
SH
bash /tmp/kind.sh > /tmp/latin.txt; cat /tmp/latin.txt

# Latin-1 to UTF-8 with a table: 0x80-0xBF get 0xC2 before them, 0xC0-0xFF become 0xC3 and the byte less 0x40. In place.
cat > /tmp/utf8.awk <<'AWK'
BEGIN { for (i = 128; i < 256; i++) map[sprintf("%c", i)] = i < 192 ? sprintf("%c%c", 194, i) : sprintf("%c%c", 195, i - 64) }
{ out = ""; n = length($0); for (i = 1; i <= n; i++) { c = substr($0, i, 1); out = out ((c in map) ? map[c] : c) } print out }
AWK
while read -r f; do LC_ALL=C awk -f /tmp/utf8.awk "/app/letters/$f" > /tmp/whole && cat /tmp/whole > "/app/letters/$f"; done < /tmp/latin.txt
cat /app/letters/one.txt

# Deliver the list.
cp /tmp/latin.txt /app/converted.txt
