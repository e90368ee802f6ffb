printf 'app: zlib ui # first\nui: gfx\napp: core\n' > "$W/h"
is 'names without a line' "$($R/bin/buildorder "$W/h" 2>&1)" "$(printf 'core\ngfx\nui\nzlib\napp')"
printf 'a: b\n' > "$W/i"
is 'a single line' "$($R/bin/buildorder "$W/i" 2>&1)" "$(printf 'b\na')"
printf 'a: b\nb: a\n' > "$W/j"
is 'a circle' "$($R/bin/buildorder "$W/j" 2>&1)" 'buildorder: a circle holds up 2 targets'
