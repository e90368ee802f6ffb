#!/bin/bash
# What does it do?
cat /app/find-word.sh
bash /app/find-word.sh -c -i port /app/texts/a.txt; head /app/texts/*

# grep has all that is needed: -F plain text, -w words, -H names.
cat > /app/find-word.sh <<'SH'
#!/bin/bash
# usage: find-word.sh [-i] [-c] [-o FILE] WORD FILE...
usage() { echo "usage: find-word.sh [-i] [-c] [-o FILE] WORD FILE..." >&2; exit 2; }
flags=(-F -w -H)
form=-n
out=
while getopts ico: opt; do
  case $opt in
    i) flags+=(-i) ;;
    c) form=-c ;;
    o) out=$OPTARG ;;
    *) usage ;;
  esac
done
shift $((OPTIND - 1))
(($# >= 2)) || usage
word=$1
shift
if [ -n "$out" ]; then exec > "$out" || exit 2; fi
grep "${flags[@]}" "$form" -e "$word" -- "$@"
SH
bash /app/find-word.sh -n x; echo "exit $?"

# Deliver.
bash /app/find-word.sh -ic port /app/texts/a.txt /app/texts/b.txt /app/texts/c.txt > /app/port.txt
cat /app/port.txt
