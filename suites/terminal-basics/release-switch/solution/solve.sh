#!/bin/bash
# Where do the links point, and which release is the newest?
ls -l /app
ls /app/releases | sort -V

# A plain ln -s would put a link inside the old release: -n replaces the link itself.
ln -sfn "$(readlink /app/current)" /app/previous

# Switch.
ln -sfn "releases/$(ls /app/releases | sort -V | tail -n 1)" /app/current
ls -l /app /app/current/
