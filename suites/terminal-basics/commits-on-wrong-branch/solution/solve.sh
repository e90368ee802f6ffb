#!/bin/bash
# What is there?
git -C /app/kiosk log --format='%h %an %s' release-5..main

# Note the commits of each before anything moves.
git -C /app/kiosk log --reverse --author='Ana' --format=%H release-5..main > /tmp/ana.txt
git -C /app/kiosk log --reverse --author='Bo' --format=%H release-5..main > /tmp/bo.txt

# Bo's onto a new branch.
git -C /app/kiosk checkout -q -b labels release-5
git -C /app/kiosk cherry-pick $(cat /tmp/bo.txt)

# Ana's onto main.
git -C /app/kiosk checkout -q main
git -C /app/kiosk reset -q --hard release-5
git -C /app/kiosk cherry-pick $(cat /tmp/ana.txt)
git -C /app/kiosk log --all --graph --format='%h %an %s'; git -C /app/kiosk status --short
