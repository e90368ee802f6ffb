#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
printf '%s\n' 8882 4115 > /tmp/want.$$
same_lines /app/states.txt /tmp/want.$$

verdict
