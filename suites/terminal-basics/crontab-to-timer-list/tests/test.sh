#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
same_lines /app/timer.list "$TESTS/expected.list"

verdict
