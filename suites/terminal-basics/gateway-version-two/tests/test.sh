#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
same_lines /app/gate-v2.conf "$TESTS/expected.conf"

verdict
