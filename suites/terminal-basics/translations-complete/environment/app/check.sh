#!/bin/bash
# check.sh: does every translation have the keys of en.txt, in its order, with the same names in braces?
cd /app/lang || exit 2
status=0
names() { grep -o '{[a-z]*}' <<< "$1" | sort | tr '\n' ' '; }
for f in *.txt; do
  [ "$f" = en.txt ] && continue
  if [ "$(cut -d ' ' -f 1 en.txt)" != "$(cut -d ' ' -f 1 "$f")" ]; then echo "$f: its keys are not those of en.txt, in that order"; status=1; continue; fi
  while read -r key _ text; do
    original=$(sed -n "s/^$key = //p" en.txt)
    if [ -z "$text" ]; then echo "$f: $key is empty"; status=1; fi
    if [ "$(names "$text")" != "$(names "$original")" ]; then echo "$f: $key has other names in braces"; status=1; fi
    case $text in *%%*) echo "$f: $key has a double %"; status=1 ;; esac
  done < "$f"
done
[ $status = 0 ] && echo "all translations are complete"
exit $status
