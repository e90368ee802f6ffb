#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
same_lines /app/by-colour.txt "$TESTS/expected.txt"

verdict
