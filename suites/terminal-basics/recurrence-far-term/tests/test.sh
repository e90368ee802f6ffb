#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
echo 406073878 > /tmp/want.$$
same_lines /app/term.txt /tmp/want.$$

verdict
