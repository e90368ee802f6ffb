#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

server inikit main dcb18f7248b46658edc05079c3c6a0e8e3d39baf
branch 'fix/31-parser'
commits one 'parser: ' 60 'Issue: #31' 'Reviewed-by: Ravi Menon <ravi@example.org>'
adds 'pull-requests/31.md'
record file 'pull-requests/31.md' 'Title: *' 'Issue: #31' 'Reviewer: Ravi Menon <ravi@example.org>'
works

verdict
