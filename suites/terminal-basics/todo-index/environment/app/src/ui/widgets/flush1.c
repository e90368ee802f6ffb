socket socket 91
retry queue 37
buffer socket 73
parser limit 50
todo list of header
cache timer 63
parser queue 97
parser limit 18
queue parser 54
timer parser 65
header retry 5
  // TODO(bo): check the cache
cache header 81
queue token 81
limit flush 75
buffer cache 60
