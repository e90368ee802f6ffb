#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

server csvcut stable 5aff1025f431f7549941db75ec45e4511700f43b
branch 'bug-0108'
commits one 'reader: ' 60 'Fixes: #108'
adds 'changes/108.txt'
fragment 'changes/108.txt'
record ref 'refs/pulls/108/head'
works

verdict
