#!/bin/bash
# See the block and the new text.
cat -A /app/bin/nightly | sed -n '/begin keep_days/,/end keep_days/p'
cat /app/templates/keep_days.txt

# Drop the old lines, read the new ones in after the opening marker.
sed -e '/# generated: begin keep_days/,/# generated: end keep_days/ { /# generated:/!d }' -e '/# generated: begin keep_days/r /app/templates/keep_days.txt' /app/bin/nightly > /tmp/nightly

# Writing into the file keeps its mode.
cat /tmp/nightly > /app/bin/nightly
/app/bin/nightly audit-1 x-tmp y; ls -l /app/bin/nightly
