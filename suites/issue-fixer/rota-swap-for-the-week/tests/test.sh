#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

server rota main 965453df65c6548f2a6e8b83e97032ad97e1d647 583b7be493dcc5e4b8641682ae26d287389bfbb9
branch 'weeks/0009'
commits one 'weeks(9): ' 64 'Reviewed-by: Nora Quist <nora@example.org>'
adds
record queue 'waiting/weeks-9.txt' 'Branch: weeks/0009' 'Issue: 9' 'Title: *'
works

verdict
