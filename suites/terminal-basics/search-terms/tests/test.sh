#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
same_lines /app/terms.txt "$TESTS/expected.txt"

verdict
