printf "1 a (12.50)\n2 b (1,200.00)\n3 b 200\n4 c (1'200.05)\n5 d (0.01)\n6 e 5\n" > "$W/h"
is 'parentheses' "$($R/bin/kassa "$W/h")" "$(printf 'a -12.50\nb -1000.00\nc -1200.05\nd -0.01\ne 5.00')"
