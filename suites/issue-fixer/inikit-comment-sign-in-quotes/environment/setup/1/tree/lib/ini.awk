# Prints the value of `key` in `section`; exits 1 when there is none.
function trim(s) { sub(/^[ \t]+/, "", s); sub(/[ \t]+$/, "", s); return s }
{ sub(/\r$/, "") }
/^[ \t]*([;#]|$)/ { next }
/^[ \t]*\[/ {
  name = $0
  sub(/^[ \t]*\[/, "", name)
  sub(/\].*$/, "", name)
  here = (tolower(trim(name)) == tolower(section))
  next
}
here {
  at = index($0, "=")
  if (at == 0 || tolower(trim(substr($0, 1, at - 1))) != tolower(key)) next
  value = trim(substr($0, at + 1))
  sub(/[ \t]+[;#].*$/, "", value)
  if (value ~ /^".*"$/) value = substr(value, 2, length(value) - 2)
  found = 1
}
END { if (!found) exit 1; print value }
