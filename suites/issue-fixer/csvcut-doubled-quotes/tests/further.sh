printf 'a,b\n"a ""big"" one",1\n"",2\n"""",3\n"x,""y""",4\n' > "$W/h.csv"
is 'doubled quotes' "$($R/bin/csvcut "$W/h.csv" a)" "$(printf 'a "big" one\n\n"\nx,"y"')"
is 'the column beside' "$($R/bin/csvcut "$W/h.csv" b)" "$(printf '1\n2\n3\n4')"
