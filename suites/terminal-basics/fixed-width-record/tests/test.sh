#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

same_bytes /app/ledger.dat 78538a00b886a4eb8d79f943ff144bfb9bffafc97f17778a242558e7eaecb073

verdict
