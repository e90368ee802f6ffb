#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

server mdtoc stable cc292f4a39fc7e7c1fde9bf9aeadd4a7cbd13d35
branch 'gh-33-outline'
commits one 'outline: ' 60 'Reviewed-by: Bea Klein <bea@example.org>' 'Issue: #33'
adds 'notes/33.md'
fragment 'notes/33.md'
record note 'refs/notes/pr' 'Area: outline' 'Title: *'
works

verdict
