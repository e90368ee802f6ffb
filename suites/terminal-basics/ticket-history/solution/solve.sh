#!/bin/bash
# The rules.
cat /app/tickets/RULES.txt /app/tickets/table.txt /app/tickets/people.txt
head -n 4 /app/tickets/events.txt

# Play it through.
cat > /tmp/play.awk <<'AWK'
FILENAME ~ /people/ { role[$1] = $2; next }
FILENAME ~ /table/ { if ($0 !~ /^#/) { to[$1, $2] = $3; for (i = 4; i <= NF; i++) may[$1, $2, $i] = 1 } next }
{
  why = ""
  if (!($4 in role)) why = "unknown-person"
  else if ($3 == "create") { if ($2 in state) why = "exists"; else state[$2] = "new" }
  else if (!($2 in state)) why = "unknown-ticket"
  else {
    from = state[$2]
    if (!((from, $3) in to) && from != "gone") from = "*"
    if (!((from, $3) in to)) why = "wrong-state"
    else if (!((from, $3, role[$4]) in may)) why = "not-allowed"
    else state[$2] = to[from, $3]
  }
  if (why != "") print $1, why > "/tmp/rejected.txt"
}
END { for (t in state) print t, state[t] }
AWK
awk -f /tmp/play.awk /app/tickets/people.txt /app/tickets/table.txt /app/tickets/events.txt | sort -k1.2,1n > /tmp/states.txt

# Deliver.
cp /tmp/states.txt /app/states.txt
cp /tmp/rejected.txt /app/rejected.txt
wc -l /app/states.txt /app/rejected.txt
