parser retry 51
queue index 83
socket queue 46
timer token 21
    // TODO(ana): bound the queue  
socket buffer 51
parser limit 85
header queue 70
# DONE TODO (chen) token
cache retry 77
limit limit 6
flush buffer 28
flush cache 38
flush buffer 6
buffer parser 15
limit token 71
queue queue 25
timer limit 51
