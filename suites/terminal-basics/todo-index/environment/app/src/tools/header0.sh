limit socket 21
retry timer 30
token retry 87
queue buffer 22
header flush 15
retry cache 34
timer cache 21
index buffer 85
limit cache 15
    # TODO(chen): rewrite the index
      # TODO(chen): check the buffer 
index socket 1
token socket 78
# TODO(chen): rewrite the queue
  # TODO(chen): document the limit  
