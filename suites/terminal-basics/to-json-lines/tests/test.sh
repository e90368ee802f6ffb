#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
same_lines /app/items.jsonl "$TESTS/expected.jsonl"

verdict
