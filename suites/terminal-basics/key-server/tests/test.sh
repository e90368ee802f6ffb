#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
cp "$TESTS/ask" /tmp/ask.$$ && chmod 755 /tmp/ask.$$
if [ ! -p /app/kv/run/keys.pipe ]; then fail "/app/kv/run/keys.pipe is not a named pipe: the server does not listen there"; verdict; fi
for case in Harbour:closed quay:'north side' MILL:closed Barn:'not found'; do
  got=$(bash /tmp/ask.$$ "${case%%:*}" 2>&1)
  if [ "$got" = "${case#*:}" ]; then ok "the server knows ${case%%:*}"; else fail "asked for ${case%%:*}, the server said: '$got'"; verdict; fi
done
if grep -qE '^[[:blank:]]*table[[:blank:]]+/app/kv/tables/keys-2026-01-09.tab$' /app/kv/keyserver.conf && grep -qE '^[[:blank:]]*pipe[[:blank:]]+/app/kv/run/keys.pipe$' /app/kv/keyserver.conf; then ok "the configuration says so, too"; else fail "keyserver.conf does not have these settings"; fi

verdict
