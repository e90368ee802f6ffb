      # TODO(chen): rewrite the parser  
buffer buffer 99
parser buffer 20
limit limit 83
socket index 75
header cache 64
parser buffer 69
timer queue 38
index cache 84
  # TODO(chen): check the socket
buffer buffer 91
timer parser 52
limit cache 37
todo list of token
flush limit 67
timer limit 59
timer token 61
header timer 36
parser retry 94
cache buffer 93
flush buffer 85
