#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

server buildorder main 2251c0db862d0d6a05ce28391d0c1e40014cde39 0be9695eba0b1ed42f64d1b1c90ae8fa41060987
branch 'dev/0003-graph'
commits one 'graph: ' 60 'Closes: #3' 'Reviewed-by: Dora Finn <dora@example.org>'
adds
record queue '0003' 'Branch: dev/0003-graph' 'Area: graph' 'Reviewer: Dora Finn <dora@example.org>'
works

verdict
