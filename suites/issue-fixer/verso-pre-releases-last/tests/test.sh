#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

server verso main bee73613861e739ad6dbd4f119a64795ea627a30
branch 'for-11-compare'
commits some 'compare: ' 60 'Issue: #11' 'Reviewed-by: Finn Huber <finn@example.org>'
adds 'merge-requests/11.txt'
entry CHANGELOG '- compare: ' ''
record file 'merge-requests/11.txt' 'Title: *' 'Reviewer: Finn Huber <finn@example.org>' 'Area: compare'
works

verdict
