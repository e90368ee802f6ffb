#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
same_bytes /app/letter.txt 935abf1e4ffdd5f083ea6a19f158d5e9521050f34ca9be02c7f9fa3973c08959

verdict
