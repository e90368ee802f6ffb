#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

server dayspan main f9887e0bb5b94216ae462aafe4eaae4a6be9388b
branch '12/calendar'
commits one 'fix(calendar): ' 60 'Refs: #12' 'Acked-by: Jan Kowal <jan@example.org>'
adds 'requests/0012.txt'
entry CHANGES '- calendar: ' ''
record file 'requests/0012.txt' 'Issue: 12' 'Reviewer: Jan Kowal <jan@example.org>' 'Summary: *'
works

verdict
