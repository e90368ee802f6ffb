#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
echo 473018625 > /tmp/want.$$
same_lines /app/pin.txt /tmp/want.$$

verdict
