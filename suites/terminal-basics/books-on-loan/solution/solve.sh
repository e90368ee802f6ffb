#!/bin/bash
# The three files.
head -n 3 /app/library/*.txt

# Last loan of each book, then the books and authors to it.
awk -F '|' -v OFS='|' 'FILENAME ~ /authors/ { name[$1] = $2; next } FILENAME ~ /books/ { title[$1] = $2; by[$1] = $3; next }
{ date[$1] = $2; kind[$1] = $3 }
END { for (b in date) if (kind[b] == "out" && (b in title)) { who = (by[b] in name) ? name[by[b]] : "unknown"; print who, title[b], b, date[b] } }' /app/library/authors.txt /app/library/books.txt /app/library/loans.txt > /tmp/out.txt

# Order and deliver.
{ echo 'author|title|book|since'; LC_ALL=C sort -t '|' -k1,1 -k2,2 /tmp/out.txt; } > /app/on-loan.txt
head -n 4 /app/on-loan.txt
