#!/bin/bash
# Read the tool first.
cat /app/bin/pack
ls -l /app /app/pages

# It refuses to write over what exists: move the old bundle to where it is wanted.
mkdir -p /app/archive
mv /app/site.bundle /app/archive/site.bundle

# Now it can work.
/app/bin/pack /app/pages /app/site.bundle
head -n 3 /app/site.bundle
