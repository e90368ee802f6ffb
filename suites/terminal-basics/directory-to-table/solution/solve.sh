#!/bin/bash
# How does it look?
head -n 16 /app/people.ldif

# Unfold first.
awk '/^#/ { next } /^ / { held = held substr($0, 2); next } { if (NR > 1) print held; held = $0 } END { print held }' /app/people.ldif > /tmp/unfolded.txt

# An entry per paragraph.
awk 'function flush() { if (uid != "") printf "%s\t%s\t%s\t%s\t%s\n", uid, cn, mail, room, text; uid = cn = mail = room = text = "" }
/^$/ { flush(); next }
{ p = index($0, ": "); k = substr($0, 1, p - 1); v = substr($0, p + 2) }
k == "uid" { uid = v } k == "cn" { cn = v } k == "room" { room = v } k == "description" { text = v }
k == "mail" { mail = mail (mail == "" ? "" : ";") v }
END { flush() }' /tmp/unfolded.txt | LC_ALL=C sort -t "$(printf '\t')" -k1,1 > /tmp/people.tsv

# Deliver.
cp /tmp/people.tsv /app/people.tsv
head -n 3 /app/people.tsv
