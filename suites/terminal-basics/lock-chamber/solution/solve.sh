#!/bin/bash
# The manual and the state.
cat /app/MANUAL.txt
/app/lock status; cat /app/chamber/journal

# Twice: the first shuts the gates, the second ends the alarm.
/app/lock acknowledge
/app/lock acknowledge
/app/lock status

# Down, let the boat in.
/app/lock drain
/app/lock open-lower
/app/lock boat-up
/app/lock shut-lower

# Up in two steps, let it out.
/app/lock fill
/app/lock fill
/app/lock open-upper
/app/lock boat-up

# Shut, and look.
/app/lock shut-upper
/app/lock status
