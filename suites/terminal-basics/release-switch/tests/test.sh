#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
for pair in current:releases/1.10.0 previous:releases/1.9.2; do
  link=/app/${pair%%:*}
  if [ ! -L "$link" ]; then fail "$link is not a symbolic link"
  elif [ "$(readlink "$link")" = "${pair#*:}" ]; then ok "$link points to ${pair#*:}"
  else fail "$link points to $(readlink "$link")"; fi
done
shopt -s nullglob dotglob
found=(/app/releases/*/*)
if ((${#found[@]} == 8)); then ok "the releases hold what they held"; else fail "the releases hold ${#found[@]} entries: ${found[*]}"; fi

verdict
