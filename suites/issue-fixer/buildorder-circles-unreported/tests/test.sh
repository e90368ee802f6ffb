#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

server buildorder main b6ea5bcfaefd1046b8da2c88ba32d5b154e80788
branch 'graph@6'
commits one 'graph: ' 60 'Issue: 6' 'Reviewed-by: Dora Finn <dora@example.org>'
adds
entry CHANGELOG '- #6 ' ''
record tag 'pull/graph/6' 'Title: *' 'Reviewer: Dora Finn <dora@example.org>'
works

verdict
