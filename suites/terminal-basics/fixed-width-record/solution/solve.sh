#!/bin/bash
# Where do the records start?
wc -c /app/ledger.dat
dd if=/app/ledger.dat bs=29 skip=22 count=1 2>/dev/null | od -c

# Write into the file at the place of the status: 16 bytes into the record.
printf '%-6s%06d' HELD 1250 | dd of=/app/ledger.dat bs=1 seek=$((22 * 29 + 16)) conv=notrunc 2>/dev/null

printf '%-6s%06d' CLOSED 0 | dd of=/app/ledger.dat bs=1 seek=$((37 * 29 + 16)) conv=notrunc 2>/dev/null
wc -c /app/ledger.dat; tr '\036' '\n' < /app/ledger.dat | LC_ALL=C grep -a -E '^(0023|0038)'
