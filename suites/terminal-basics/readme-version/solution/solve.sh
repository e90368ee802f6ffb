#!/bin/bash
# Every place where the number stands.
grep -n '2\.3\.1' /app/README.md

# The places that speak of Ferry's own version now.
sed -i -e '1s/2\.3\.1/2.4.0/' -e 's/for version 2\.3\.1/for version 2.4.0/' -e 's/ferry-2\.3\.1/ferry-2.4.0/g' -e 's/^ferry 2\.3\.1 /ferry 2.4.0 /' /app/README.md

# The new entry comes first in the history.
sed -i '/^- 2\.3\.1: /i - 2.4.0: resumes after an interrupt' /app/README.md
grep -n '2\.[34]\.[01]' /app/README.md
