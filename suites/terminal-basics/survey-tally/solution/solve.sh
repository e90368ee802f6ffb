#!/bin/bash
# How does an answer look?
ls /app/answers | wc -l
head -n 5 /app/answers/1*.txt

# One line per file: respondent, time, answers.
awk 'FNR == 1 && NR > 1 { print r, t, a, b, c } { v = tolower($2) } $1 == "respondent:" { r = $2 } $1 == "submitted:" { t = $2 } $1 == "q1:" { a = v } $1 == "q2:" { b = v } $1 == "q3:" { c = v } END { print r, t, a, b, c }' /app/answers/*.txt > /tmp/all.txt

# The latest of each person.
sort -k1,1 -k2,2nr /tmp/all.txt | awk '!seen[$1]++' > /tmp/latest.txt

# Count and deliver.
awk '{ n++; for (i = 1; i <= 3; i++) c["q" i " " $(i + 2)]++ } END { print "respondents", n; m = split("yes no unsure", w, " "); for (i = 1; i <= 3; i++) for (j = 1; j <= m; j++) { k = "q" i " " w[j]; print k, c[k] + 0 } }' /tmp/latest.txt > /app/tally.txt
cat /app/tally.txt
