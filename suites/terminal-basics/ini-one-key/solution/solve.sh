#!/bin/bash
# Look at it, with its line endings visible.
sed -n l /app/services.ini | head -n 9
grep -n -A 4 '^\[archive\]' /app/services.ini

# Change the number between the header of the section and the next header only.
cp /app/services.ini /tmp/services.before
sed -i '/^\[archive\]/,/^\[search\]/ s/^\(Timeout = \)30/\1120/' /app/services.ini

# One line differs, and the line endings are all there.
grep -c "$(printf '\r')$" /tmp/services.before /app/services.ini
comm -3 <(sort /tmp/services.before) <(sort /app/services.ini)
