printf 'a: b\nb: c\nc: a\nd: a\ne:\nf: e\n' > "$W/h"
words=$($R/bin/buildorder "$W/h" 2>&1 > "$W/out"); status=$?
is 'a circle' "$status $words" '1 buildorder: a circle holds up 4 targets'
is 'what can be built' "$(cat "$W/out")" "$(printf 'e\nf')"
printf 'x: x\n' > "$W/i"
words=$($R/bin/buildorder "$W/i" 2>&1); status=$?
is 'a target that needs itself' "$status $words" '1 buildorder: a circle holds up 1 targets'
printf 'x: y\n' > "$W/j"
words=$($R/bin/buildorder "$W/j" 2>&1); status=$?
is 'no circle' "$status $words" "$(printf '0 y\nx')"
