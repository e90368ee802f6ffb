#!/bin/bash
# What is wrong with it?
cat /app/backup.sh
find /app/papers

# Quoted throughout, names passed with a zero byte, only regular files, both folders made absolute.
cat > /app/backup.sh <<'SH'
#!/bin/bash
# usage: backup.sh SOURCE TARGET
if [ ! -d "$1" ]; then echo "backup.sh: $1 is not a folder" >&2; exit 1; fi
case $2 in /*) target=$2 ;; *) target=$PWD/$2 ;; esac
cd -- "$1" || exit 1
count=0
failed=0
while IFS= read -r -d '' f; do
  if mkdir -p -- "$target/$(dirname -- "$f")" && cp -- "$f" "$target/$f"; then count=$((count + 1)); else failed=1; fi
done < <(find . -type f \( -name '*.txt' -o -name '*.md' \) -print0)
echo "$count"
exit $failed
SH

# Run it.
bash /app/backup.sh /app/papers /app/saved
find /app/saved -type f
