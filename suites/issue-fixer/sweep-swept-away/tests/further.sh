mkdir "$W/h"
for word in one two three; do
  echo $word > "$W/h/note.txt"; echo $word > "$W/h/a file"; $R/bin/sweep "$W/h"
done
is 'none overwritten' "$(cat "$W/h/txt/note.txt" "$W/h/txt/note.txt.1" "$W/h/txt/note.txt.2" | tr '\n' ' ')" 'one two three '
is 'without an ending' "$(cat "$W/h/other/a file" "$W/h/other/a file.1" "$W/h/other/a file.2" | tr '\n' ' ')" 'one two three '
rm "$W/h/txt/note.txt.1"; echo four > "$W/h/note.txt"; $R/bin/sweep "$W/h"
is 'the first free name' "$(cat "$W/h/txt/note.txt.1") $(ls "$W/h/txt" | wc -l | tr -d ' ')" 'four 3'
