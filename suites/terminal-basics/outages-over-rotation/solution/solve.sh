#!/bin/bash
# Which files, in which form?
ls -l /app/logs
head -n 2 /app/logs/probe.log; gzip -dc /app/logs/probe.log.10.gz | head -n 2

# All of them as one stream, in order of time.
for f in /app/logs/probe.log*; do
  case $f in *.gz) gzip -dc "$f" ;; *) cat "$f" ;; esac
done | sort -s -n -k1,1 > /tmp/all.txt

# Gaps between signs of life.
awk '$2 == "probe" && $3 == "ok" { if (last && $1 - last > 120) print $1 - last, last, $1; last = $1 }' /tmp/all.txt > /tmp/gaps.txt

# Longest first.
sort -k1,1nr /tmp/gaps.txt > /app/outages.txt
cat /app/outages.txt
