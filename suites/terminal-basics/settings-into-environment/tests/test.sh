#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
same_lines /app/report.txt "$TESTS/expected.txt"
if [ ! -x /app/make-report ]; then fail "/app/make-report is not executable"; verdict; fi
cp /app/report.env /tmp/keep.env
cp /app/report.txt /tmp/keep.txt 2>/dev/null
cp "$TESTS/other.env" /app/report.env
(cd / && env -i PATH=/usr/bin:/bin timeout 3 /app/make-report >/dev/null 2>&1)
same_lines /app/report.txt "$TESTS/other.txt"
cp /tmp/keep.env /app/report.env
cp /tmp/keep.txt /app/report.txt 2>/dev/null

verdict
