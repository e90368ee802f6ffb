#!/bin/bash
# How is it done?
cat /app/README.md /app/bin/make-rates /app/bin/convert
ls -R /app/rates

# The table first, of the right month.
/app/bin/make-rates 2026-03
cat /app/rates/table.txt

# Then the report.
/app/bin/convert 2026-03
tail -n 2 /app/report.txt
