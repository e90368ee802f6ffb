#!/bin/bash
# Read the rules and the form.
cat /app/changes/README.txt /app/CHANGELOG.md
ls /app/changes

# The new section.
{
  echo '## 1.4.0 - 2026-02-20'; echo
  for type in breaking:Breaking added:Added fixed:Fixed; do
    ls /app/changes/*."${type%:*}" >/dev/null 2>&1 || continue
    echo "### ${type#*:}"; echo
    ls /app/changes | grep "\\.${type%:*}\$" | sort -n | while read -r f; do
      read -r summary < "/app/changes/$f"
      echo "- ${summary%.} (#${f%%.*})"
    done
    echo
  done
} > /tmp/section.md
cat /tmp/section.md

# Insert it above 1.3.0.
sed '/^## 1.3.0/,$d' /app/CHANGELOG.md > /tmp/new.md
cat /tmp/section.md >> /tmp/new.md
sed -n '/^## 1.3.0/,$p' /app/CHANGELOG.md >> /tmp/new.md
cat /tmp/new.md > /app/CHANGELOG.md

# The published fragments go.
rm -f /app/changes/*.breaking /app/changes/*.added /app/changes/*.fixed
ls /app/changes
