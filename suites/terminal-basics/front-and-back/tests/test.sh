#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

# await FILE: waits up to 2 seconds for a file that is not empty.
await() {
  local i
  for ((i = 0; i < 40; i++)); do
    if [ -s "$1" ]; then return 0; fi
    sleep 0.05
  done
  return 1
}

inputs_untouched
if [ "$(cat /app/shop/bills/a1.bill /app/shop/bills/a2.bill /app/shop/bills/a3.bill 2>/dev/null)" = $'hinge 3 42\nnail 100 100\nbolt 7 21' ]; then ok "the waiting orders are billed rightly"; else fail "the waiting orders are not billed by Monday's prices: $(cat /app/shop/bills/*.bill 2>&1 | head -c 200)"; verdict; fi
n=$((RANDOM % 90 + 10))
echo "hinge $n" > /app/shop/.probe; mv /app/shop/.probe "/app/shop/orders/probe$n.order"
if await "/app/shop/bills/probe$n.bill" && [ "$(cat "/app/shop/bills/probe$n.bill")" = "hinge $n $((n * 14))" ]; then ok "a new order is billed"; else fail "a new order is not billed rightly: $(cat "/app/shop/bills/probe$n.bill" 2>&1 | head -c 200)"; fi

verdict
