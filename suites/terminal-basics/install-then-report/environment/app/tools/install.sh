#!/bin/bash
# install.sh FOLDER: installs colsum into FOLDER. The folder has to be on the PATH of those who use it.
set -e
mkdir -p "$1"
cp "$(dirname "$0")/colsum.sh" "$1/colsum"
chmod 755 "$1/colsum"
echo "installed $1/colsum; now: export PATH=$1:\$PATH"
