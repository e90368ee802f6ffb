#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
same_bytes /app/archive/site.bundle 56a8cc12e7a9892d4d06c42d17e2a500d259fa2a7fcb14d595529774b0ca3fc7
same_bytes /app/site.bundle 00953f29d8af0f2bc36025dc3ec661b73337d8033bf70457fec567055bdcef2d

verdict
