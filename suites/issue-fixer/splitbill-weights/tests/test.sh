#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

server splitbill stable 0b6f741fe4bafd99f90f1f63da46e6e7182a1962
branch 'shares.26'
commits one 'shares: ' 60 'Issue: #26' 'Owner: Pablo Ruiz <pablo@example.org>'
adds 'fragments/shares-26.txt'
fragment 'fragments/shares-26.txt'
record note 'refs/notes/requests' 'Issue: 26' 'Reviewer: Pablo Ruiz <pablo@example.org>'
works

verdict
