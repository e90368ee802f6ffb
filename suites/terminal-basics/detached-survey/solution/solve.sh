#!/bin/bash
# Where is HEAD, and what is not committed?
git -C /app/chart status
git -C /app/chart log --oneline --all --graph

# A branch can be made right here; the working tree is not touched by that.
git -C /app/chart branch survey

git -C /app/chart symbolic-ref HEAD refs/heads/survey
git -C /app/chart status --short --branch
