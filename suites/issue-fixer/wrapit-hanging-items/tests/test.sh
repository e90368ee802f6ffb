#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

server wrapit main f885d5e1570b351cd31828ccd2835d483927489a
branch 'layout/75'
commits one 'layout: ' 48 'Resolves: #75' 'Area: layout'
adds 'docs/requests/75.md'
entry CHANGES '- layout: ' ''
record file 'docs/requests/75.md' 'Reviewer: Zeno Vidal <zeno@example.org>' 'Title: *'
works

verdict
