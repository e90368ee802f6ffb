header buffer 99
socket index 33
parser index 67
timer parser 40
queue timer 25
    // TODO(bo): bound the limit 
index socket 84
queue token 72
socket cache 6
header queue 30
token buffer 22
cache index 16
  // TODO(bo): check the socket
// TODO(dita): rewrite the cache  
flush retry 74
parser parser 27
flush socket 65
flush parser 74
cache parser 9
flush limit 18
header limit 1
# TODO: nobody owns the cache
limit queue 50
retry parser 36
flush queue 88
limit queue 79
timer index 12
socket header 76
queue flush 85
header timer 65
header flush 65
token parser 3
parser flush 13
    // TODO(dita): rewrite the index 
