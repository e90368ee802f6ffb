printf '[t]\na = "fast ; loud"\nb = "x # y"\nc = plain # gone\nd = "  kept  "\ne = a;b\n' > "$W/h.ini"
is 'a semicolon inside quotes' "$($R/bin/iniget "$W/h.ini" t a)" 'fast ; loud'
is 'a number sign inside quotes' "$($R/bin/iniget "$W/h.ini" t b)" 'x # y'
is 'a comment without quotes' "$($R/bin/iniget "$W/h.ini" t c)" 'plain'
is 'blanks inside quotes' "$($R/bin/iniget "$W/h.ini" t d)" '  kept  '
is 'a semicolon without a blank' "$($R/bin/iniget "$W/h.ini" t e)" 'a;b'
