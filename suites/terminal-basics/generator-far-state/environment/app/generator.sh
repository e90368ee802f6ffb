#!/bin/bash
# usage: generator.sh SEED STEPS
s=$(($1 % 9973))
for ((i = 0; i < $2; i++)); do
  s=$(((s * s + 12 * s + 7) % 9973))
done
echo "$s"
