#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
have=$(tree /app/public | tr '\n' ' ')
if [ "$have" = 'bin/render css/main.css css/print.css index.html my page.html ' ]; then ok "/app/public holds the right files"; else fail "/app/public holds: $have"; fi
for f in "index.html:<p>3</p>" "css/main.css:p{}" "css/print.css:b{}" "my page.html:<p>my</p>"; do
  if [ "$(cat "/app/public/${f%%:*}" 2>/dev/null)" = "${f#*:}" ]; then ok "${f%%:*} is right"; else fail "${f%%:*} has another content"; fi
done
if [ -x /app/public/bin/render ]; then ok "render is executable"; else fail "render is not executable"; fi
stray=$(tree /app | grep -E '(^|/)site-v3/|key\.pem$|\.draft|\.bak$' | head -n 5)
if [ -z "$stray" ]; then ok "nothing else of the archive landed in /app"; else fail "from the archive there is in /app: ${stray//$'\n'/, }"; fi

verdict
