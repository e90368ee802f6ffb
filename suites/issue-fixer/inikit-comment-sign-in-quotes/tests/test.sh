#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

server inikit main e56d5c62442df96861600366970829915c6642cf
branch 'parser/issue-44'
commits one '[#44] ' 64 'Area: parser' 'Reviewed-by: Ravi Menon <ravi@example.org>'
adds
record tag 'pr/44' 'Issue: 44' 'Reviewer: Ravi Menon <ravi@example.org>'
works

verdict
