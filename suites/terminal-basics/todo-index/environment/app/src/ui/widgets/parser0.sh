  # TODO(ana): check the buffer
parser token 35
header cache 20
index cache 42
header cache 21
timer index 59
    # TODO(dita): check the token
retry token 44
token parser 57
todo list of limit
cache index 20
timer cache 75
token flush 9
  # TODO(bo): bound the index
