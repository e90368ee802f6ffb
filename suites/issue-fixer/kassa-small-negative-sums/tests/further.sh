printf '1 a -0.50\n2 b -3.50\n3 b 3.00\n4 c -1.25\n5 d (0.05)\n6 e -1,000.01\n7 f 0.50\n8 f -0.50\n' > "$W/h"
is 'small negative sums' "$($R/bin/kassa "$W/h")" "$(printf 'a -0.50\nb -0.50\nc -1.25\nd -0.05\ne -1000.01\nf 0.00')"
