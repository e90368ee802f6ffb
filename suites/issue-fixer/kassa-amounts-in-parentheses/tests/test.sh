#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

server kassa main 4058ae80f661e111aa4d22b2c70245eb6d69e470
branch 'sums/fix-64'
commits some 'sums: ' 60 'Issue: 64'
adds 'proposals/sums-64.md'
entry NEWS '- sums: ' ''
record file 'proposals/sums-64.md' 'Issue: 64' 'Reviewer: Sven Aho <sven@example.org>' 'Title: *'
works

verdict
