#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

server csvcut main 669a0270f43cd9668cecf6402f3bf0fd5398408f
branch 'issue-97'
commits some 'reader: ' 72 'Closes: #97' 'Reviewed-by: Tom Abel <tom@example.org>'
adds 'news/97.txt'
fragment 'news/97.txt'
record note 'refs/notes/pull-requests' 'Title: *' 'Issue: 97' 'Area: reader'
works

verdict
