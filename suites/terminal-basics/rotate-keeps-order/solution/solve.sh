#!/bin/bash
# Try it on copies first.
cat /app/rotate.sh
mkdir -p /tmp/try && cp /app/logs/* /tmp/try && bash /app/rotate.sh /tmp/try/door.log 3; head /tmp/try/*

# From the highest number down, numbers only, quoted; then what is above KEEP goes.
cat > /app/rotate.sh <<'SH'
#!/bin/bash
# usage: rotate.sh FILE KEEP
file=$1
keep=$2
[ -e "$file" ] || exit 0
numbers=$(for old in "$file".*; do n=${old##*.}; case $n in *[!0-9]*) ;; *) if [ -e "$file.$n" ]; then echo "$n"; fi ;; esac; done | sort -rn)
for n in $numbers; do
  if ((n + 1 > keep)); then rm -f -- "$file.$n"; else mv -- "$file.$n" "$file.$((n + 1))"; fi
done
if ((keep > 0)); then mv -- "$file" "$file.1"; fi
: > "$file"
SH

# Once for real.
bash /app/rotate.sh /app/logs/door.log 3
head /app/logs/*
