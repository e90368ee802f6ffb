#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
same_lines /app/causes.txt "$TESTS/expected.txt"

verdict
