echo deploy now
