#!/bin/bash
# What does the script do, and what did it leave?
cat /app/month-end
wc -l /app/closed/*; grep -c '^2026-05' /app/books.tsv

# The half-written file of May is in the way, and it is incomplete.
rm /app/closed/2026-05.tsv

# Close both months in order.
/app/month-end 2026-05

/app/month-end 2026-06
cat /app/closed/index /app/closed/*.total
