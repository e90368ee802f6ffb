#!/bin/bash
# usage: routes.sh MAP
mapfile -t map < "$1"
rows=${#map[@]}; columns=${#map[0]}; count=0
walk() {
  if (($1 >= rows || $2 >= columns)); then return; fi
  if [ "${map[$1]:$2:1}" = '#' ]; then return; fi
  if (($1 == rows - 1 && $2 == columns - 1)); then count=$((count + 1)); return; fi
  walk $(($1 + 1)) "$2"
  walk "$1" $(($2 + 1))
}
walk 0 0
echo "$count"
