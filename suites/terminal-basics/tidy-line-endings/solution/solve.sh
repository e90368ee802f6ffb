#!/bin/bash
# What is there?
find /app/notes -type f -name '*.[tm]*' | sort | while IFS= read -r f; do echo "== $f"; cat -A "$f"; done

# Byte by byte (LC_ALL=C); empty lines are held back until a line with something follows.
cat > /tmp/tidy.awk <<'AWK'
NR == 1 { sub(/^\357\273\277/, "") }
{ sub(/\r$/, ""); sub(/[ \t]+$/, "") }
$0 == "" { held++; next }
{ while (held > 0) { print ""; held-- } print }
AWK
find /app/notes -type f \( -name '*.txt' -o -name '*.md' \) | while IFS= read -r f; do
  LC_ALL=C awk -f /tmp/tidy.awk "$f" > /tmp/tidied && cat /tmp/tidied > "$f"
done

# Look again.
cat -A /app/notes/a.txt /app/notes/g.md
grep -rlI "$(printf '\r')" /app/notes
