#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

server verso main c8690ef668fa7779f6c9767c98264aad8a14e06e 583b7be493dcc5e4b8641682ae26d287389bfbb9
branch 'bugfix/compare/0017'
commits one 'compare: ' 60 'Reviewed-by: Finn Huber <finn@example.org>'
adds
record queue 'todo/17.md' 'Branch: bugfix/compare/0017' 'Issue: 17' 'Reviewer: Finn Huber <finn@example.org>'
works

verdict
