#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
same_lines /app/states.txt "$TESTS/states.txt"
same_lines /app/rejected.txt "$TESTS/rejected.txt"

verdict
