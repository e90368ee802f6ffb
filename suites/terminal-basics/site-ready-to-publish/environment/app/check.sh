#!/bin/bash
# check.sh: is the site fit to be published? Lists what is wrong; exit code 0 when nothing is.
cd /app/site || exit 2
problems=0
problem() { echo "PROBLEM $*"; problems=$((problems + 1)); }
for page in *.html; do
  grep -q '<title>[^<][^<]*</title>' "$page" || problem "$page: no title"
  for link in $(grep -o 'href="[^"]*"' "$page" | cut -d '"' -f 2); do
    case $link in
      http*) continue ;;
      '#'*) grep -q "id=\"${link#?}\"" "$page" || problem "$page: nothing is called $link" ;;
      *) [ -e "$link" ] || problem "$page: broken link $link" ;;
    esac
  done
  [ "$(grep -c '<p>' "$page")" = "$(grep -c '</p>' "$page")" ] || problem "$page: paragraphs are not closed"
done
for page in *.html; do
  [ "$page" = index.html ] || grep -q "href=\"$page\"" index.html || problem "index.html: no link to $page"
done
echo "$problems problems"
[ "$problems" = 0 ]
