#!/bin/sh
# Makes the project's server and clone out of the folders beside it: each numbered folder is one commit.
set -eu
setup=$(cd "${0%/*}" && pwd)
root=${1-}
name=$(cat "$setup/name")
base=$(cat "$setup/base")
server=$root/srv/git/$name.git
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null HOME=/nonexistent TZ=UTC
export GIT_AUTHOR_NAME='Uma Keeper' GIT_AUTHOR_EMAIL=uma@example.org
export GIT_COMMITTER_NAME='Uma Keeper' GIT_COMMITTER_EMAIL=uma@example.org
work=$setup/work
git init -q "$work"
cd "$work"
git symbolic-ref HEAD refs/heads/main
day=0
commit() {
  day=$((day + 1))
  GIT_AUTHOR_DATE="2025-03-0$day 09:00:00 +0000"
  GIT_COMMITTER_DATE=$GIT_AUTHOR_DATE
  export GIT_AUTHOR_DATE GIT_COMMITTER_DATE
  cp -R "$1/tree/." .
  git add -A
  git commit -q -F "$1/message"
}
for step in "$setup"/[0-9]; do commit "$step"; done
if [ "$base" != main ]; then
  git branch "$base"
  commit "$setup/ahead"
fi
if [ -d "$setup/queue" ]; then
  git checkout -q --orphan requests
  git rm -rfq .
  commit "$setup/queue"
  git checkout -q main
fi
mkdir -p "$root/srv/git" "$root/app"
git clone -q --bare "$work" "$server"
git --git-dir="$server" remote remove origin
cp "$setup/update" "$server/hooks/update"
chmod 755 "$server/hooks/update"
git clone -q "$server" "$root/app/$name"
