#!/bin/bash
# What is there?
for f in /app/notes/*.[tm]* /app/notes/*/*.[tm]*; do echo "== $f"; cat -A "$f"; done

# Byte by byte (LC_ALL=C); empty lines are held back until a line with something follows.
cat > /tmp/tidy.awk <<'AWK'
NR == 1 { sub(/^\357\273\277/, "") }
{ sub(/\r$/, ""); sub(/[ \t]+$/, "") }
$0 == "" { held++; next }
{ while (held > 0) { print ""; held-- } print }
AWK
( shopt -s globstar dotglob nullglob; for f in /app/notes/**/*.txt /app/notes/**/*.md; do
  LC_ALL=C awk -f /tmp/tidy.awk "$f" > /tmp/tidied && cat /tmp/tidied > "$f"
done )

# Look again.
cat -A /app/notes/a.txt /app/notes/g.md
grep -rlI "$(printf '\r')" /app/notes
