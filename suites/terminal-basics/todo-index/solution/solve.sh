#!/bin/bash
# What kinds of markers are there?
grep -rhoE 'TODO ?(\([a-z]*\))?:?' /app/src | sort | uniq -c

# Owner, path, line and text, separated by tabs.
( cd /app && grep -rnE 'TODO\([a-z]+\):' src | grep -v '^src/vendor/' ) | sed -E 's/^([^:]+):([0-9]+):.*TODO\(([a-z]+)\): *(.*[^ ]) *$/\3\t\1\t\2\t\4/' | LC_ALL=C sort -t "$(printf '\t')" -k1,1 -k2,2 -k3,3n > /tmp/todo.tsv
head -n 3 /tmp/todo.tsv

# Headings need the counts first: two passes.
awk -F '\t' 'NR == FNR { n[$1]++; next } $1 != last { print "## " $1 " (" n[$1] ")"; last = $1 } { print "- " $2 ":" $3 " " $4 }' /tmp/todo.tsv /tmp/todo.tsv > /app/TODO.md
head -n 3 /app/TODO.md
