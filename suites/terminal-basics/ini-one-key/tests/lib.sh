# What the verifiers of this suite share: findings in words, the guard on inputs, the reward.
# A verifier sources this file, makes its checks and ends with `verdict`.
# Until then the reward on disk is 0, so a verifier that is cut off never passes anything.

PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH LC_ALL=C
unset CDPATH BASH_ENV ENV
TESTS=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
REWARD=/logs/verifier/reward.txt
[ -d /logs/verifier ] || mkdir -p /logs/verifier
echo 0 > "$REWARD"
checks=0
failures=0

# ok WORDS... / fail WORDS...: one finding.
ok() { checks=$((checks + 1)); echo "ok: $*"; }
fail() { checks=$((checks + 1)); failures=$((failures + 1)); echo "FAIL: $*"; }

# present FILE: a regular file is there; says so when it is not.
present() {
  [ -f "$1" ] && return 0
  if [ -e "$1" ] || [ -L "$1" ]; then fail "$1 is not a regular file"; else fail "$1 does not exist"; fi
  return 1
}

# same_lines FILE EXPECTED: equal line by line; a missing newline at the very end is forgiven.
same_lines() {
  local got want i
  present "$1" || return 1
  mapfile -n 20000 -t got < "$1"
  mapfile -t want < "$2"
  for ((i = 0; i < ${#want[@]}; i++)); do
    if ((i >= ${#got[@]})); then
      fail "$1 ends after ${#got[@]} lines, ${#want[@]} were expected"
      return 1
    fi
    if [ "${got[i]}" != "${want[i]}" ]; then
      fail "$1: line $((i + 1)) is wrong: '${got[i]:0:120}'"
      return 1
    fi
  done
  if ((${#got[@]} > ${#want[@]})); then
    fail "$1 has ${#got[@]} lines, ${#want[@]} were expected; first surplus line: '${got[i]:0:120}'"
    return 1
  fi
  ok "$1 is right (${#want[@]} lines)"
}

# same_bytes FILE SHA256: equal to the byte.
same_bytes() {
  local sum
  present "$1" || return 1
  sum=$(sha256sum < "$1")
  if [ "${sum%% *}" = "$2" ]; then ok "$1 is right to the byte"; else fail "$1 does not have the expected bytes"; return 1; fi
}

# inputs_untouched: the files listed in inputs.sha256 are as they were given.
inputs_untouched() {
  local out
  if out=$(sha256sum -c --quiet "$TESTS/inputs.sha256" 2>&1); then
    ok "the given files are untouched"
  else
    fail "given files were changed or are gone: ${out//$'\n'/; }"
  fi
}

# tree FOLDER: everything below it but folders, by path; line breaks in names are shown as ?.
tree() {
  (
    shopt -s globstar dotglob nullglob
    cd "$1" 2>/dev/null || exit
    for f in **; do
      if [ -L "$f" ] || [ ! -d "$f" ]; then printf '%s\n' "${f//$'\n'/?}"; fi
    done | sort
  )
}

# git -C REPOSITORY ...: with the repository's own settings only, and of those none that runs a program.
git() {
  local off=(-c safe.directory='*' -c core.hooksPath=/dev/null -c core.fsmonitor=false) key
  while read -r key; do off+=(-c "$key="); done < <(
    command git "${off[@]}" -C "$2" config --local --includes --name-only --get-regexp \
      '^filter\..*\.(clean|smudge|process)$|^diff\.external$|^diff\..*\.(command|textconv)$' 2>/dev/null
  )
  GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null command git "${off[@]}" "$@"
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
    echo "PASSED: all $checks checks hold"
  else
    echo "FAILED: $failures of $checks checks do not hold"
  fi
  exit 0
}
