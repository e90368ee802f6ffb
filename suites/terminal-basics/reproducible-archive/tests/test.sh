#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
if [ ! -x /app/pack ]; then fail "/app/pack is not an executable"; verdict; fi
want='drwxr-xr-x 0/0 0 2026-01-01 00:00 ./
drwxr-xr-x 0/0 0 2026-01-01 00:00 ./B/
-rw-r--r-- 0/0 2 2026-01-01 00:00 ./B/x.txt
-rw-r--r-- 0/0 2 2026-01-01 00:00 ./a.txt
drwxr-xr-x 0/0 0 2026-01-01 00:00 ./b/
-rw-r--r-- 0/0 2 2026-01-01 00:00 ./b/data file.txt
-rwxr-xr-x 0/0 12 2026-01-01 00:00 ./b/run.sh
-rw-r--r-- 0/0 6 2026-01-01 00:00 ./readme.txt'
list() { TZ=UTC tar --numeric-owner -tvf "$1" 2>&1 | tr -s ' '; }
if [ "$(list /app/tree.tar)" = "$want" ]; then ok "tree.tar lists as it should"; else fail "tree.tar lists as: $(list /app/tree.tar | head -n 9 | tr '\n' ';')"; verdict; fi
t=/tmp/pk.$$; mkdir -p "$t/one x" "$t/elsewhere"; cp -R /app/tree/. "$t/one x/"; chmod 700 "$t/one x/b" "$t/one x/b/run.sh"; chmod 600 "$t/one x/a.txt"; touch -d '2020-02-02' "$t/one x/a.txt"; echo junk > "$t/elsewhere/o.tar"
look() { (shopt -s globstar dotglob; cd "$t/one x" && stat -c '%n %a %Y %s' . **); }
before=$(look)
(cd "$t/elsewhere" && umask 077 && timeout 3 /app/pack '../one x' o.tar) >/dev/null 2>&1
a=$(sha256sum < /app/tree.tar); b=$(sha256sum < "$t/elsewhere/o.tar")
if [ "$a" = "$b" ]; then ok "a copy with other times and modes gives the same bytes"; else fail "a copy with other times and modes gives another archive: $(list "$t/elsewhere/o.tar" | head -n 9 | tr '\n' ';')"; fi
if [ "$before" = "$(look)" ]; then ok "the folder was left alone"; else fail "packing changed the folder"; fi
if [ "$(od -An -c -j257 -N8 /app/tree.tar | tr -d ' ')" = 'ustar\0' ]; then ok "GNU format"; else case $(od -An -c -j257 -N8 /app/tree.tar) in *u*s*t*a*r*\ *\ *) ok "GNU format" ;; *) fail "the archive is not in GNU format" ;; esac; fi

verdict
