#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
same_lines /app/failing.txt "$TESTS/expected.txt"

verdict
