#!/bin/bash
# Unpack both and read.
mkdir -p /tmp/pkg
for p in /app/pkg/*.tar.gz; do tar -xzf "$p" -C /tmp/pkg; done
cat /tmp/pkg/*/README /tmp/pkg/*/install.sh

# The dependency first.
/tmp/pkg/tokenise-0.9/install.sh /app/local

# The installer of mkindex has to find it on the PATH, and mkindex needs it when it runs.
export PATH=/app/local/bin:$PATH
/tmp/pkg/mkindex-1.2/install.sh /app/local
mkindex /app/book.txt > /app/book.index
cat /app/book.index
