#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
printf '%s\n' 'version 4' $'1\tAda\t4 Pier Rd\t1200' $'2\tBen\t7 Mill Ln\t300' $'3\tCleo\t1 Quay\t4000' > /tmp/want.$$
same_lines /app/db/records.txt /tmp/want.$$
printf '%s\n' '1: Ada owes 12.00' '2: Ben owes 3.00' '3: Cleo owes 40.00' > /tmp/inv.$$
same_lines /app/invoices.txt /tmp/inv.$$
same_bytes /app/db/records.txt.v1 7105e691237c6e695f8aa8518be10a7f6404c32701597da70fbd8d4102dc2103

verdict
