#!/bin/bash
# What do the lines look like?
sed -n 1,12p /app/feeds.xml
grep -c '<feed ' /app/feeds.xml

# Change the element itself, up to its closing bracket, and leave what follows alone.
cat > /tmp/off.awk <<'AWK'
/^[ \t]*<feed[ \t]/ {
  end = index($0, ">"); element = substr($0, 1, end); rest = substr($0, end + 1)
  if (element ~ /region="eu"/ && element ~ /priority="5"/) sub(/enabled="true"/, "enabled=\"false\"", element)
  print element rest; next
}
{ print }
AWK
awk -f /tmp/off.awk /app/feeds.xml > /tmp/feeds.new

# How many lines change? Then write it back.
comm -13 <(sort /app/feeds.xml) <(sort /tmp/feeds.new)
cat /tmp/feeds.new > /app/feeds.xml
