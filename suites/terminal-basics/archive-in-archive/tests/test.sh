#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
same_bytes /app/found/box.txt 5985c5523b05cc9bed108ba8576f754d9acbe3cb4da8a612d9537d29c28ee4fe
echo 'room/shelf-3.tar.gz box-2.txt' > /tmp/want.$$
same_lines /app/found/where.txt /tmp/want.$$
have=$(tree /app/found | tr '\n' ' ')
if [ "$have" = 'box.txt where.txt ' ]; then ok "nothing else lies there"; else fail "/app/found holds: $have"; fi

verdict
