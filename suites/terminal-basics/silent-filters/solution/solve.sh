#!/bin/bash
# Which filter does not act, and why?
cat /app/FILTERS.md /app/bin/clean /app/bin/make-fixes
ls -l /app/filters /app/words; head -n 5 /app/filters/*

# One is not executable, one lacks its compiled fixes.
chmod 755 /app/filters/20-fold
/app/bin/make-fixes
cat /app/words/fixes.sed

# Now.
/app/bin/clean /app/names.txt > /app/names.clean
cat /app/names.clean
