#!/bin/bash
# tally FILE...: counts the normalised words of the files by the rules in rules.txt (in the current folder)
: "${TALLY_HOME:?tally: TALLY_HOME is not set}"
if [ ! -r rules.txt ]; then echo "tally: no rules.txt in $PWD, counting everything" >&2; skip='^$'; else skip=$(cat rules.txt); fi
for f in "$@"; do [ -r "$f" ] || { echo "tally: cannot read $f" >&2; exit 4; }; done
for f in "$@"; do
  norm < "$f" | grep -Evx "$skip"
done | sort | uniq -c | sort -k1,1nr -k2,2 | awk '{ print $2, $1 }'
