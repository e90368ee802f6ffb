#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
same_lines /app/seats.txt "$TESTS/expected.txt"

verdict
