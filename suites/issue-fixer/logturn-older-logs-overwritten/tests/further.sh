for word in one two three four; do echo $word > "$W/h.log"; $R/bin/logturn 3 "$W/h.log"; done
is 'contents in order' "$(cat "$W/h.log.1" "$W/h.log.2" "$W/h.log.3" | tr '\n' ' ')" 'four three two '
is 'no more than KEEP' "$(ls "$W" | grep -c '^h.log')" '4'
for word in one two three; do echo $word > "$W/k.log"; $R/bin/logturn 1 "$W/k.log"; done
is 'KEEP 1' "$(cat "$W"/k.log.*)" 'three'
echo x > "$W/g.log"; echo old > "$W/g.log.2"; $R/bin/logturn 4 "$W/g.log"
is 'a gap in the numbers' "$(cat "$W/g.log.1" "$W/g.log.3")" "$(printf 'x\nold')"
