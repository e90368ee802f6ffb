#!/bin/bash
# What is it, where does it lead, how does it end?
ls -l /app/etc /app/shared
sed -n l /app/etc/regions.tab

# sed -i would replace the link by a file, so edit the file that it leads to. GNU sed adds no final newline.
sed -i -e '/^ams\t/ { s#10\.2\.0\.0/16#10.2.0.0/17#; s/gw-1/gw-3/ }' "$(readlink -f /app/etc/regions.tab)"

# The second change.
sed -i -e '/^osl\t/ s/planned/active/' /app/shared/regions.tab
ls -l /app/etc; tail -c 20 /app/shared/regions.tab | od -c | tail -n 2
