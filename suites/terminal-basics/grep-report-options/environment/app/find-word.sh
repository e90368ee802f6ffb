#!/bin/bash
# usage: find-word.sh [-i] [-c] [-o FILE] WORD FILE...
while getopts ico opt; do
  case $opt in
    i) flags=i ;;
    c) flags=c ;;
    o) out=$OPTARG ;;
  esac
done
word=$1
shift
grep -n$flags $word $* > ${out:-/dev/stdout}
exit 0
