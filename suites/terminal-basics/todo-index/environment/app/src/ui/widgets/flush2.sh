# TODO(chen): check the parser  
      # TODO(ana): check the buffer  
limit token 1
limit retry 50
socket header 85
timer queue 69
flush token 16
cache limit 68
parser token 26
index queue 66
token socket 70
index queue 59
header limit 74
# TODO(ana): bound the timer
# DONE TODO (chen) cache
buffer flush 12
    # TODO(chen): rewrite the buffer 
