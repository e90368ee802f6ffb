is 'one cent left' "$($R/bin/splitbill 10 ada bo cy)" "$(printf 'ada 3.34\nbo 3.33\ncy 3.33')"
is 'two cents left' "$($R/bin/splitbill 0.05 ada bo cy)" "$(printf 'ada 0.02\nbo 0.02\ncy 0.01')"
is 'fewer cents than people' "$($R/bin/splitbill .02 ada bo cy)" "$(printf 'ada 0.01\nbo 0.01\ncy 0.00')"
is 'nobody pays for weight 0' "$($R/bin/splitbill 1 ada=0 bo cy cu)" "$(printf 'ada 0.00\nbo 0.34\ncy 0.33\ncu 0.33')"
