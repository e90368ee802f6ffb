#!/bin/bash
# What does activating do, and what do the steps need?
cat /app/sdk/activate
head -n 20 /app/steps/*

# A first look at the parts.
head /app/parts/*

# All the steps in one shell with the SDK active.
. /app/sdk/activate
export PATH
/app/steps/1-gather
/app/steps/2-link
/app/steps/3-seal
cat /app/build/ship.txt
