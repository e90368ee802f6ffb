#!/bin/bash
# usage: term.sh N
a=1; b=4
for ((i = 0; i < $1; i++)); do
  ((t = (3 * b + 2 * a) % 998244353, a = b, b = t))
done
echo "$a"
