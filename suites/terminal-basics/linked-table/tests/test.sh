#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

if [ -L /app/etc/regions.tab ]; then
  if [ "$(readlink /app/etc/regions.tab)" = ../shared/regions.tab ]; then ok "/app/etc/regions.tab is still the same link"; else fail "/app/etc/regions.tab points elsewhere: $(readlink /app/etc/regions.tab)"; fi
else fail "/app/etc/regions.tab is no symbolic link any more"; fi
if [ -L /app/shared/regions.tab ]; then fail "/app/shared/regions.tab became a link"; fi
same_bytes /app/shared/regions.tab 20cd1ac15f5e87b96535a639fd25c0d16d4bced53a7219d11d8168818ec19efc
inputs_untouched

verdict
