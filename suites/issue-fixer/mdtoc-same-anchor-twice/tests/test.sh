#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

server mdtoc main 0d3203be4d36ae8fc87d978f026e47e421609b20
branch 'outline-fix-0029'
commits one '[outline] ' 60 'Fixes: #29'
adds 'notes/29.md'
fragment 'notes/29.md'
record ref 'refs/pr/29'
works

verdict
