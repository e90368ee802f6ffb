printf 'who,where\nAda,"1 Lane\nRome"\nBo,"\nx\ny, z"\nCy,"a ""b""\nc"\n' > "$W/h.csv"
is 'line breaks inside' "$($R/bin/csvcut "$W/h.csv" where)" '1 Lane\nRome
\nx\ny, z
a "b"\nc'
is 'the column beside' "$($R/bin/csvcut "$W/h.csv" who)" "$(printf 'Ada\nBo\nCy')"
printf 'who,"the\nplace"\r\nAda,"1\r\n2"\r\n' > "$W/i.csv"
is 'with CR LF' "$($R/bin/csvcut "$W/i.csv" who)" 'Ada'
