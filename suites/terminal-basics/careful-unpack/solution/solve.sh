#!/bin/bash
# What is in it?
tar -tvf /app/upload.tar

# Unpack into a folder apart; tar itself keeps away from .. and absolute names.
mkdir -p /tmp/unpack
tar -xf /app/upload.tar -C /tmp/unpack site-v3/public

# Take out what is not wanted.
( shopt -s globstar dotglob nullglob; cd /tmp/unpack/site-v3/public && for f in **; do
  case ${f##*/} in .*|*.bak) rm -rf -- "$f" ;; *) if [ -L "$f" ]; then rm -- "$f"; fi ;; esac
done )
ls -lR /tmp/unpack

# Put it in the place of the old one.
rm -rf /app/public
mv /tmp/unpack/site-v3/public /app/public
ls -lR /app/public; cat /app/keep/note.txt
