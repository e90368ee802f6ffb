mkdir "$W/h"; for name in .profile .vim.bak draft. .a. b.TXT plain; do echo "$name" > "$W/h/$name"; done
$R/bin/sweep "$W/h"
cd "$W/h"
is 'where they are' "$(for f in */* */.*; do if [ -f "$f" ]; then echo "$f"; fi; done | LC_ALL=C sort | tr '\n' ' ')" 'bak/.vim.bak other/.a. other/.profile other/draft. other/plain txt/b.TXT '
cd /
