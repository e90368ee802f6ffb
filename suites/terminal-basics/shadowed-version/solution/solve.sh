#!/bin/bash
# Which one is found?
command -v fmtcsv; fmtcsv --version
cat /app/convert /app/legacy/README; ls /app/in

# Version 2 first on the PATH, in the shell that converts.
export PATH=/app/opt/fmtcsv-2/bin:$PATH
fmtcsv --version
for list in boats crews ports tolls; do /app/convert "$list"; done

# Commas, no semicolons?
head -n 2 /app/out/*.csv
