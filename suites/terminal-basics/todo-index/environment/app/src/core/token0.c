index socket 35
header limit 10
header buffer 88
timer cache 34
queue queue 34
flush flush 67
# DONE TODO (chen) retry
    // TODO(ana): check the token
      // TODO(bo): document the timer  
todo list of flush
cache token 76
queue retry 13
buffer index 87
buffer token 28
header index 33
todo list of cache
cache parser 21
cache flush 68
timer buffer 88
timer buffer 40
timer timer 77
header buffer 51
token buffer 9
buffer limit 35
parser limit 52
timer parser 45
queue buffer 34
index socket 6
buffer header 13
parser socket 40
    // TODO(ana): bound the index 
todo list of retry
parser socket 33
header retry 32
flush queue 38
queue parser 72
