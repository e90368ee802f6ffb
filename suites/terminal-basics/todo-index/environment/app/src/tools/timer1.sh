socket index 24
# TODO: nobody owns the cache
index header 96
socket flush 29
header socket 51
timer socket 65
parser queue 39
header limit 73
flush index 80
token token 94
retry buffer 97
socket token 57
parser buffer 44
header timer 46
todo list of header
index parser 71
cache limit 73
header flush 78
cache limit 95
parser queue 27
# TODO(chen): bound the flush 
index buffer 38
buffer queue 38
buffer queue 25
parser flush 81
parser queue 88
flush limit 57
buffer parser 80
header queue 10
flush header 92
