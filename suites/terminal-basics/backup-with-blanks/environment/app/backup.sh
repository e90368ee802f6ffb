#!/bin/bash
# usage: backup.sh SOURCE TARGET
source=$1
target=$2
count=0
cd $source
shopt -s globstar
for f in `ls -d **/*.txt **/*.md`; do
  mkdir -p $target/`dirname $f`
  cp $f $target/$f && count=$((count+1))
done
echo $count
