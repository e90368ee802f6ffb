#!/bin/bash
# usage: doy.sh YYYY-MM-DD
IFS=- read -r y m d <<< "$1"
days=(0 31 28 31 30 31 30 31 31 30 31 30 31)
if ((y % 4 == 0)); then days[2]=29; fi
n=$d
for ((i = 1; i <= m; i++)); do n=$((n + days[i])); done
echo $n
