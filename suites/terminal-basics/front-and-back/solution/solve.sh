#!/bin/bash
# What do they need, and in which order?
cat /app/shop/back /app/shop/front
ls /app/shop /app/shop/orders

# The back first, with the list of Monday.
rm -f /app/shop/back.pid
PRICE_LIST=/app/shop/prices-monday.txt nohup /app/shop/back > /app/shop/back.out 2>&1 < /dev/null &

# The front when the back is there.
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do [ -s /app/shop/back.pid ] && [ -d /app/shop/tell ] && break; sleep 0.05; done
nohup /app/shop/front > /app/shop/front.out 2>&1 < /dev/null &

# Bills?
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do [ -e /app/shop/bills/a3.bill ] && break; sleep 0.05; done
cat /app/shop/front.out /app/shop/bills/*.bill
