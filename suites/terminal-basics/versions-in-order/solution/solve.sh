#!/bin/bash
# Which version is it, and what do the steps do?
cat /app/db/UPGRADING /app/db/records.txt
head -n 3 /app/bin/*

# A copy of this version.
cp /app/db/records.txt /app/db/records.txt.v1

# One step after the other, from the version that the file has.
for step in 1-2 2-3 3-4; do
  if [ "$(head -n 1 /app/db/records.txt)" = "version ${step%-*}" ]; then /app/bin/upgrade-$step; fi
done
cat /app/db/records.txt

# The invoices.
/app/bin/invoice
cat /app/invoices.txt
