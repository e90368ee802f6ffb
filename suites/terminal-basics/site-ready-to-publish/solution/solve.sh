#!/bin/bash
# What does the check find?
bash /app/check.sh
cat /app/check.sh /app/titles.txt; head -n 20 /app/site/*

# The index: a wrong link, an open paragraph, a page without a link.
sed -i -e 's/href="price.html"/href="prices.html"/' -e 's#write</a>\.$#write</a>.</p>#' -e 's#^</body>#<p><a href="imprint.html">imprint</a></p>\n</body>#' /app/site/index.html

# The others: a misspelt anchor, an empty title, a link to a file of another name.
sed -i 's/id="evning"/id="evening"/' /app/site/tours.html
sed -i 's#<title></title>#<title>Prices and tickets</title>#' /app/site/prices.html
sed -i 's/mailbox.txt/mail-box.txt/' /app/site/contact.html

# Does it pass now?
bash /app/check.sh
