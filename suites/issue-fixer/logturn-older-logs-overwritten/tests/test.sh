#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

server logturn main da14a71b585f9f28321bb0028fff213adef2f7bf 0be9695eba0b1ed42f64d1b1c90ae8fa41060987
branch 'fix-0040'
commits one 'turn: ' 60 'Issue: #40' 'Reviewed-by: Ulla Berg <ulla@example.org>'
adds
record queue 'turn/40' 'Branch: fix-0040' 'Title: *'
works

verdict
