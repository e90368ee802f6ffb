#!/bin/bash
# What is wrong?
bash /app/check.sh
head -n 20 /app/lang/*.txt /app/lang-notes.md

# German: a surplus key, a translated name, two texts.
sed -i -e '/^old = /d' -e 's/{ordner}/{folder}/' -e 's/^error = .*/error = {file} kann nicht geöffnet werden: {reason}/' -e 's/^empty =.*/empty = Hier ist nichts/' /app/lang/de.txt
bash /app/check.sh

# French: a missing key in its place, a translated name, a doubled sign.
sed -i -e 's/{nom}/{name}/' -e 's/%%/%/' -e '/^quit = /a saved = Enregistré à {time}' /app/lang/fr.txt

# Complete?
bash /app/check.sh
