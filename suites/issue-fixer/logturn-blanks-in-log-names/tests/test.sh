#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

server logturn main fc69646059ff31fa422fb5834a4c63d7539e4c76
branch 'turn/52/fix'
commits one 'turn: ' 60 'Fixes: 52' 'Reviewed-by: Ulla Berg <ulla@example.org>'
adds 'doc-changes/0052.txt'
fragment 'doc-changes/0052.txt'
record ref 'refs/for/review/52'
works

verdict
