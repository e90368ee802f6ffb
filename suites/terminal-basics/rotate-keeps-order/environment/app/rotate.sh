#!/bin/bash
# usage: rotate.sh FILE KEEP
f=$1
keep=$2
for i in `ls $f.* | sed 's/.*\.//' | sort`; do
  mv $f.$i $f.$((i+1))
done
mv $f $f.1
touch $f
rm -f $f.$keep
