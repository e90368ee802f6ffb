#!/bin/bash
# check.sh [FILE]: checks the members' file (default /app/members.csv); prints every problem; exit code 0 when there is none.
awk -F ';' '
  NR == 1 { if ($0 != "id;name;date;cents") p("the header is wrong"); next }
  /^$/ { p("an empty line"); next }
  NF != 4 { p("not four columns"); next }
  $1 !~ /^K[0-9][0-9][0-9][0-9]$/ { p("id " $1 " is not K and four digits") }
  $1 in seen { p("id " $1 " comes twice") }
  { seen[$1] = 1; if ($1 <= last) p("id " $1 " is out of order"); last = $1; n++ }
  $2 != "" && $2 ~ /^ | $/ { p("blanks around the name") }
  $3 !~ /^[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]$/ { p("date " $3 " is not YYYY-MM-DD") }
  $4 !~ /^[0-9]+$/ { p("cents " $4 " are not a whole number") }
  function p(what) { print "line " NR ": " what; bad++ }
  END { if (n != 60) { print "there are " n " members, there should be 60"; bad++ } print bad + 0 " problems"; exit bad > 0 }
' "${1:-/app/members.csv}"
