#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

server splitbill main 7cdd60508366c1ef0b66993cbbd826e986e186c1
branch 'work/23-shares'
commits one '#23: ' 60 'Reviewed-by: Pablo Ruiz <pablo@example.org>' 'Area: shares'
adds
entry HISTORY '- shares: ' ''
record ref 'refs/requests/23'
works

verdict
