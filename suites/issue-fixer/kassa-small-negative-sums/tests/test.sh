#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

server kassa main 51baa9255dfc3c31bd5de9021caed244f2ed26ec
branch 'pr/sums-71'
commits one 'sums: ' 56 'Closes: #71' 'Reviewed-by: Sven Aho <sven@example.org>'
adds
entry NEWS '- ' ' (#71)'
record tag 'review/0071' 'Area: sums' 'Reviewer: Sven Aho <sven@example.org>' 'Title: *'
works

verdict
