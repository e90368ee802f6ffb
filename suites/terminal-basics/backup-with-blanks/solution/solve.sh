#!/bin/bash
# What is wrong with it?
cat /app/backup.sh
ls -R /app/papers

# Quoted throughout, folder by folder, only regular files and no links, the target made absolute.
cat > /app/backup.sh <<'SH'
#!/bin/bash
# usage: backup.sh SOURCE TARGET
if [ ! -d "$1" ]; then echo "backup.sh: $1 is not a folder" >&2; exit 1; fi
case $2 in /*) target=$2 ;; *) target=$PWD/$2 ;; esac
cd -- "$1" || exit 1
count=0
failed=0
walk() {
  local f
  for f in "$1"/*; do
    if [ -L "$f" ]; then continue; fi
    if [ -d "$f" ]; then walk "$f"; continue; fi
    case $f in *.txt|*.md) ;; *) continue ;; esac
    if [ ! -f "$f" ]; then continue; fi
    if mkdir -p -- "$target/${f%/*}" && cp -- "$f" "$target/$f"; then count=$((count + 1)); else failed=1; fi
  done
}
shopt -s dotglob nullglob
walk .
echo "$count"
exit $failed
SH

# Run it.
bash /app/backup.sh /app/papers /app/saved
ls -R /app/saved
