# What the verifiers of this suite share: the pull request against the rules, the patch against tests, the reward.
# A verifier sources this file, makes its checks and ends with `verdict`.
# Until then the reward on disk is 0, so a verifier that is cut off never passes anything.

PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH LC_ALL=C HOME=/nonexistent GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
unset CDPATH BASH_ENV ENV GIT_DIR GIT_WORK_TREE
TESTS=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
REWARD=/logs/verifier/reward.txt
[ -d /logs/verifier ] || mkdir -p /logs/verifier
echo 0 > "$REWARD"
checks=0
failures=0
W=$(mktemp -d)

# ok WORDS... / fail WORDS...: one finding.
ok() { checks=$((checks + 1)); echo "ok: $*"; }
fail() { checks=$((checks + 1)); failures=$((failures + 1)); echo "FAIL: $*"; }

# is WHAT GOT EXPECTED: for the tests of a patch.
is() {
  if [ "$2" = "$3" ]; then ok "$1"; else fail "$1: got '${2:0:200}', expected '${3:0:200}'"; fi
}

# git --git-dir=REPOSITORY ...: with the repository's own settings only, and of those none that runs a program.
git() {
  local off=(-c safe.directory='*' -c core.hooksPath=/dev/null -c core.fsmonitor=false) key
  while read -r key; do off+=(-c "$key="); done < <(
    command git "${off[@]}" "$1" config --local --includes --name-only --get-regexp \
      '^filter\..*\.(clean|smudge|process)$|^diff\.external$|^diff\..*\.(command|textconv)$|^tar\..*\.command$' 2> /dev/null
  )
  command git "${off[@]}" "$@"
}

# server NAME BASE ID [QUEUE]: the bare repository, the branch that a fix begins from, where that has to stand still, and the
# first commit of the branch of requests.
server() {
  S=/srv/git/$1.git BASE=$2 START=$3 QUEUE=${4-}
  if ! git --git-dir="$S" rev-parse --git-dir > /dev/null 2>&1; then fail "$S is not a working repository"; verdict; fi
  if [ "$(git --git-dir="$S" rev-parse -q --verify "refs/heads/$BASE")" = "$START" ]; then
    ok "$BASE stands where it stood"
  else
    fail "$BASE was changed on the server; only reviewers do that"
  fi
  if [ -d "/app/$1/.git" ] &&
    [ -n "$(git --git-dir="/app/$1/.git" --work-tree="/app/$1" status --porcelain --untracked-files=no 2>&1)" ]; then
    fail "the clone has changes that are in no commit"
  fi
}

# branch NAME: what is asked to be merged.
branch() {
  BRANCH=$1
  TIP=$(git --git-dir="$S" rev-parse -q --verify "refs/heads/$1^{commit}")
  if [ -z "$TIP" ]; then
    fail "no pull request by the rules: the branch that they ask for does not exist on the server"
    verdict
  fi
  if [ "$(git --git-dir="$S" merge-base "$START" "$TIP")" = "$START" ] && [ "$TIP" != "$START" ]; then
    ok "the branch begins from $BASE"
  else
    fail "the branch does not begin from the tip of $BASE"
    verdict
  fi
}

# commits one|some PREFIX MAX TRAILER...: each commit of the branch.
commits() {
  local many=$1 prefix=$2 max=$3 id subject trailer ids
  shift 3
  mapfile -t ids < <(git --git-dir="$S" rev-list "$START..$TIP")
  if [ "$many" = one ] && [ "${#ids[@]}" -ne 1 ]; then fail "the branch has ${#ids[@]} commits, the rules ask for one"; fi
  if [ -n "$(git --git-dir="$S" rev-list --merges "$START..$TIP")" ]; then fail "the branch has merge commits"; fi
  for id in "${ids[@]}"; do
    subject=$(git --git-dir="$S" log -1 --format=%s "$id")
    if [[ $subject == "$prefix"[![:space:]]* && ${#subject} -le $max && $subject != *. ]]; then
      ok "the subject of ${id:0:7}"
    else
      fail "the subject of ${id:0:7} is not as the rules want it: '${subject:0:120}'"
    fi
    for trailer in "$@"; do
      if git --git-dir="$S" log -1 --format='%(trailers:only,unfold)' "$id" | grep -qxF -- "$trailer"; then
        ok "a trailer of ${id:0:7}"
      else
        fail "a trailer of ${id:0:7} is missing or wrong: ${trailer%%:*}"
      fi
    done
  done
}

# adds FILE...: no files but these and tests are new, none is gone, and the rules stay.
adds() {
  local file known
  while IFS= read -r -d '' file; do
    case $file in tests/*) continue ;; esac
    for known in "$@"; do [ "$file" = "$known" ] && continue 2; done
    fail "a file that does not belong to the change: ${file:0:120}"
  done < <(git --git-dir="$S" diff -z --no-renames --name-only --diff-filter=A "$START" "$TIP")
  if [ -n "$(git --git-dir="$S" diff --no-renames --name-only --diff-filter=D "$START" "$TIP")" ]; then fail "files were deleted"; fi
  if git --git-dir="$S" diff --quiet "$START" "$TIP" -- CONTRIBUTING.md docs/index.yaml docs/pages docs/reference tests/run.sh; then
    ok "the rules and the given tests are untouched"
  else
    fail "rules or given tests were changed"
  fi
}

# fragment FILE: one line of its own for the change log.
fragment() {
  local text
  text=$(git --git-dir="$S" show "$TIP:$1" 2> /dev/null)
  if [[ $text == *[![:space:]]* && $text != *$'\n'* ]]; then ok "the note for the change log"; else fail "$1 is not one line for the change log, or does not exist"; fi
}

# entry FILE BEFORE AFTER: one new line in the part of the change log that is not released yet, with words between both.
entry() {
  local changed line part
  changed=$(git --git-dir="$S" diff --unified=0 "$START" "$TIP" -- "$1" | grep '^[-+]' | grep -v -e '^+++' -e '^---')
  line=${changed#+}
  if [ -z "$changed" ] || [[ $changed == *$'\n'* || $changed != +* ]]; then fail "$1 does not have one new line and nothing else changed"; return; fi
  part=$(git --git-dir="$S" show "$TIP:$1" | awk '/^## / { inside = ($0 == "## Unreleased") } inside')
  if [[ $line == "$2"*[![:space:]]*"$3" ]] && grep -qxF -- "$line" <<< "$part"; then ok "the entry in $1"; else fail "the entry in $1 is not as the rules want it: '${line:0:120}'"; fi
}

# fields TEXT FIELD...: lines of a request; `Name: *` stands for any text.
fields() {
  local text=$1 field
  shift
  for field in "$@"; do
    if [[ $field == *': *' ]]; then
      if grep -qE "^${field%\*}.*[^[:space:]]" <<< "$text"; then ok "the request has ${field%%:*}"; else fail "the request lacks ${field%%:*}"; fi
    elif grep -qxF -- "$field" <<< "$text"; then
      ok "the request has ${field%%:*}"
    else
      fail "the request lacks ${field%%:*}, or has something else there"
    fi
  done
}

# record KIND PLACE FIELD...: the pull request itself.
record() {
  local kind=$1 place=$2 text
  shift 2
  case $kind in
    file) text=$(git --git-dir="$S" show "$TIP:$place" 2> /dev/null) ;;
    queue) text=$(git --git-dir="$S" show "refs/heads/requests:$place" 2> /dev/null) ;;
    tag)
      if [ "$(git --git-dir="$S" cat-file -t "refs/tags/$place" 2> /dev/null)" = tag ] &&
        [ "$(git --git-dir="$S" rev-parse "refs/tags/$place^{commit}")" = "$TIP" ]; then
        text=$(git --git-dir="$S" tag -l --format='%(contents)' "$place")
      fi
      ;;
    note) text=$(git --git-dir="$S" notes --ref="$place" show "$TIP" 2> /dev/null) ;;
    ref) if [ "$(git --git-dir="$S" rev-parse -q --verify "$place")" = "$TIP" ]; then text=$TIP; fi ;;
  esac
  if [ -z "$text" ]; then
    fail "no pull request by the rules: its record ($kind) does not exist on the server, or is not about the branch"
    return
  fi
  ok "the record of the pull request"
  fields "$text" "$@"
  if [ "$kind" = queue ] && ! git --git-dir="$S" merge-base --is-ancestor "$QUEUE" refs/heads/requests; then
    fail "what was on the branch of the requests is gone"
  fi
}

# works: the patch, in a checkout of its own, under the given and the further tests.
works() {
  R=$W/checkout
  mkdir "$R"
  if ! git --git-dir="$S" archive "$TIP" | tar -x -C "$R"; then fail "the branch cannot be checked out"; return; fi
  git --git-dir="$S" show "$START:tests/run.sh" > "$W/given.sh"
  cp "$W/given.sh" "$R/tests/run.sh"
  if (cd "$R" && timeout 20 sh tests/run.sh > "$W/given.txt" 2>&1 < /dev/null); then
    ok "the given tests pass"
  else
    fail "the given tests do not pass: $(grep -v '^ok' "$W/given.txt" | head -n 3 | tr '\n' ';')"
  fi
  . "$TESTS/further.sh"
}

# last_word: ends what programs under test left running in the verifier's own place, so that none writes after it. Where
# everything shares one place there is none of its own, and nothing is ended.
last_word() {
  local process up=$PPID kept=" $$ " more=1
  [ ! /proc/1/ns/mnt -ef /proc/self/ns/mnt ] || return 0
  while [ -n "$up" ] && ((up > 0)); do
    kept+="$up "
    read -r _ _ _ up _ 2>/dev/null < "/proc/$up/stat" || up=
  done
  while ((more)); do
    more=0
    for process in /proc/[0-9]*; do
      if [ "$process/ns/mnt" -ef /proc/self/ns/mnt ] && [[ $kept != *" ${process#/proc/} "* ]]; then
        kill -KILL "${process#/proc/}" 2>/dev/null && more=1
      fi
    done
  done
}

# verdict: 1 when something was checked and nothing failed.
verdict() {
  last_word
  rm -f /logs/verifier/reward.json
  echo 0 > "$REWARD"
  if ((checks > 0 && failures == 0)); then
    echo 1 > "$REWARD"
    echo "PASSED: all $checks findings are right"
  else
    echo "FAILED: $failures of $checks findings are wrong"
  fi
  rm -rf "$W"
  exit 0
}
