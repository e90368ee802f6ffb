#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
same_bytes /app/words.tsv 6d5230148a304abf4e6def1e55c4b1c8c313fa5c762cc017742a93374629002f
echo 13 > /tmp/want.$$
same_lines /app/garbled.txt /tmp/want.$$

verdict
