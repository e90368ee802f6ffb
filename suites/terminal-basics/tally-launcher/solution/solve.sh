#!/bin/bash
# What does the tool want?
cat /app/vendor/tally/README /app/vendor/tally/tally.sh
ls -l /app/vendor/tally /app/letters

# A launcher: relative names are made absolute before the folder changes.
mkdir -p /app/bin
cat > /app/bin/tally <<'SH'
#!/bin/bash
export TALLY_HOME=/app/vendor/tally
export PATH=$TALLY_HOME/libexec:$PATH
files=()
for f in "$@"; do
  case $f in /*) files+=("$f") ;; *) files+=("$PWD/$f") ;; esac
done
cd "$TALLY_HOME" || exit 1
exec bash "$TALLY_HOME/tally.sh" "${files[@]}"
SH
chmod 755 /app/bin/tally

# Try it from somewhere else, with nothing set.
( cd /app/letters && env -i PATH=/usr/bin:/bin /app/bin/tally one.txt ); env -i PATH=/usr/bin:/bin /app/bin/tally nothing; echo "exit $?"

# Deliver.
/app/bin/tally /app/letters/one.txt /app/letters/two.txt > /app/letters.tally
cat /app/letters.tally
