#!/bin/bash
# Where does the merge stand?
git -C /app/hostel status --short
git -C /app/hostel diff
git -C /app/hostel show :1:rooms.csv

# Rooms: both sides, the changed number of beds, by number.
printf '%s\n' 'room,beds' 1,2 2,3 3,1 4,2 11,4 12,4 > /app/hostel/rooms.csv

# Rules: the changes of both.
printf '%s\n' '# Rules' '' '1. Quiet after nine.' '2. Dogs on a lead.' '3. Breakfast until ten.' '4. The annex closes at eleven.' > /app/hostel/rules.md
grep -nE '^(<<<<<<<|=======|>>>>>>>)' /app/hostel/*

# Finish.
git -C /app/hostel add rooms.csv rules.md
git -C /app/hostel commit -q --no-edit
git -C /app/hostel log --oneline --graph; git -C /app/hostel status --short
