#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

server sweep main 2c32e8c851461f31fb618cdf7d6cdebea420da71
branch 'i14-move'
commits one 'move: ' 60 'Issue: 14' 'Area: move' 'Reviewed-by: Wanda Okoro <wanda@example.org>'
adds '.requests/14'
record file '.requests/14' 'Area: move' 'Reviewer: Wanda Okoro <wanda@example.org>' 'Title: *'
works

verdict
