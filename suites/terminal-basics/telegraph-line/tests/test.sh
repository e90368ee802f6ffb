#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
same_lines /app/line/received "$TESTS/messages.txt"
if [ "$(cut -d ' ' -f 4 /app/line/state 2>/dev/null)" = closed ]; then ok "the line is closed"; else fail "the line is not closed: $(head -c 80 /app/line/state 2>/dev/null)"; verdict; fi
awk -F '\t' 'BEGIN { next_ = 1 }
  closed { next }
  $1 == "wait" { busy = 0; next }
  $1 == "close" { closed = ($2 == next_ - 1); if (!closed) bad = 1; next }
  $1 == "send" { if (busy || $2 > next_) bad = 1; if ($2 < next_) next; t++
    if (next_ % 4 == 3 && t == 1) next
    if (next_ % 5 == 0 && t == 1) { busy = 1; next }
    if (next_ % 7 == 6 && t <= 2) next
    next_++; t = 0; next }
  END { exit !(closed && !bad && next_ == 15) }' /app/line/journal 2>/dev/null
if (($? == 0)); then ok "played back, the journal keeps the rules"; else fail "played back, the journal breaks the rules or does not send all"; fi

verdict
