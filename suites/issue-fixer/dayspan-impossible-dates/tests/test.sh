#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

server dayspan main e09ff6a24a3460d4e01c7cffb91d22588a92e794
branch 'calendar-18'
commits one 'calendar: ' 60 'Bug: 18'
adds
entry CHANGES '- #18 ' ''
record tag 'request/18' 'Title: *' 'Area: calendar' 'Reviewer: Jan Kowal <jan@example.org>'
works

verdict
