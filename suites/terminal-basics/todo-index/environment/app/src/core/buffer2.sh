queue queue 64
header parser 23
buffer retry 36
header index 7
# DONE TODO (ana) flush
queue flush 38
limit retry 17
parser socket 65
retry token 30
header timer 76
token queue 23
index flush 46
index timer 15
    # TODO(chen): bound the retry
socket cache 66
socket timer 37
cache timer 15
token cache 91
socket parser 76
index index 97
