#!/bin/bash
# What is there, and can tar do it?
ls -lR /app/tree
tar --version | head -n 1

# Sorting, times, owners and modes are options of GNU tar; a mode with X keeps the executables.
cat > /app/pack <<'SH'
#!/bin/bash
# usage: pack FOLDER ARCHIVE
LC_ALL=C exec tar --create --file "$2" --format=gnu --sort=name --mtime='2026-01-01 00:00:00 UTC' --owner=0 --group=0 --numeric-owner --mode='u=rwX,go=rX' --directory "$1" .
SH
chmod 755 /app/pack

# Does a relative archive name mean the folder of the caller? Try it from another folder.
mkdir -p /tmp/other && ( cd /tmp/other && /app/pack ../../app/tree rel.tar ) && ls -l /tmp/other

# The executable bit of the owner decides for all.
/app/pack /app/tree /app/tree.tar
TZ=UTC tar --numeric-owner -tvf /app/tree.tar
