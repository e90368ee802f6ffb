index retry 76
flush flush 22
buffer retry 54
cache retry 94
buffer flush 90
timer header 25
index retry 49
queue token 49
socket token 17
todo list of socket
limit index 50
buffer retry 15
retry cache 40
token socket 88
flush limit 97
