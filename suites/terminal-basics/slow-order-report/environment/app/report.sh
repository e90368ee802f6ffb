#!/bin/bash
# report.sh: number;name;quantity of every product that was ordered, by number
cd /app/data || exit 1
cut -d ';' -f 2 orders.txt | sort -nu | while read -r number; do
  quantity=0; name=UNKNOWN
  while read -r order; do
    while read -r product; do
      if [ "$(echo "$product" | cut -d ';' -f 1)" = "$number" ]; then name=$(echo "$product" | cut -d ';' -f 2); fi
      if [ "$(echo "$order" | cut -d ';' -f 2)" = "$number" ]; then hit=1; else hit=0; fi
    done < products.txt
    if [ "$hit" = 1 ]; then quantity=$(expr "$quantity" + "$(echo "$order" | cut -d ';' -f 3)"); fi
  done < orders.txt
  echo "$number;$name;$quantity"
done
