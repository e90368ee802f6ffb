limit timer 58
retry cache 64
limit token 26
queue retry 17
header buffer 34
socket timer 38
header queue 67
index cache 5
timer token 37
      # TODO(ana): check the flush 
buffer limit 29
queue timer 68
parser retry 42
header token 38
