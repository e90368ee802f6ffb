#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
same_bytes /app/bin/nightly 9abd5211adbb069e027dfb9bbb5843af95af54dc0dad92fb248ee013e794ed9c
if [ -x /app/bin/nightly ]; then ok "the script is executable"; else fail "/app/bin/nightly is not executable"; fi

verdict
