#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
if out=$(timeout 5 bash "$TESTS/check.sh" 2>&1); then ok "the check passes"; else fail "the check says: ${out//$'\n'/; }"; verdict; fi
cd /app/site || verdict
if [ "$(printf '%s ' *)" = 'contact.html imprint.html index.html mail-box.txt prices.html tours.html ' ]; then ok "the files are those that were there"; else fail "the files of the site are: $(printf '%s ' *)"; fi
has() { if grep -qF -- "$2" "$1"; then ok "$1 has $2"; else fail "$1 lacks: $2"; fi; }
has prices.html '<title>Prices and tickets</title>'; has tours.html '<title>Tours</title>'; has contact.html '<title>Contact</title>'; has index.html '<title>Harbour tours</title>'
has index.html '<a href="prices.html">prices</a>'; has index.html '<a href="tours.html">tours</a>'; has index.html '<a href="contact.html">write</a>'; has index.html '<a href="#top">up</a>'; has index.html 'href="imprint.html"'
has tours.html '<a href="#evening">evening tour</a>'; has tours.html '<h2 id="evening">Evening</h2>'; has tours.html 'Leaves at six.'; has tours.html '<h2 id="morning">Morning</h2>'
has contact.html '<a href="mail-box.txt">this box</a>'; has prices.html 'Adults 12, children 6.'; has prices.html 'https://example.org/ferry'

verdict
