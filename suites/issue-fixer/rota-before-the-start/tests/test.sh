#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

server rota stable f0c857bd376256552a0800c527418c4fef9f56fe 583b7be493dcc5e4b8641682ae26d287389bfbb9
branch 'fixes/5'
commits one 'weeks: ' 50 'Issue: 5' 'Reviewer: Nora Quist <nora@example.org>'
adds
record queue 'open/5.txt' 'Branch: fixes/5' 'Reviewer: Nora Quist <nora@example.org>' 'Title: *'
works

verdict
