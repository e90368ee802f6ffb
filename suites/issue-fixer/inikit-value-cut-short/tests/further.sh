printf '[q]\nquery = a=1&b=2\nkey=c2VsZg==\nempty=\nquoted = "x=y"\n' > "$W/h.ini"
is 'an equals sign inside' "$($R/bin/iniget "$W/h.ini" q query)" 'a=1&b=2'
is 'equals signs at the end' "$($R/bin/iniget "$W/h.ini" q key)" 'c2VsZg=='
is 'an empty value' "$($R/bin/iniget "$W/h.ini" q empty)" ''
is 'inside quotes' "$($R/bin/iniget "$W/h.ini" q quoted)" 'x=y'
