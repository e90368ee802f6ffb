#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

server sweep stable 8d53071d9af707adf35287be755265e4e227c2d7
branch 'name_8'
commits one 'name: ' 60 'Issue: 8' 'Reviewed-by: Xaver Roth <xaver@example.org>'
adds 'pending/8'
fragment 'pending/8'
record note 'refs/notes/review' 'Issue: 8' 'Title: *'
works

verdict
