parser retry 53
retry token 26
retry timer 6
retry parser 42
index socket 3
todo list of cache
parser socket 72
parser queue 43
timer token 54
parser flush 70
parser parser 13
socket token 77
    // TODO(bo): check the header
    // TODO(bo): document the flush
header buffer 54
buffer flush 96
index retry 80
header buffer 21
  // TODO(dita): bound the buffer
index timer 41
header timer 70
parser queue 5
index socket 4
parser queue 10
retry queue 78
limit timer 74
# TODO: nobody owns the timer
retry index 49
socket header 16
