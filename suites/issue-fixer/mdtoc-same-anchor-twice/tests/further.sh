printf '## Example\n### Example\n## Example!\n## Other\n' > "$W/h.md"
is 'anchors that repeat' "$($R/bin/mdtoc "$W/h.md")" "$(printf -- '- [Example](#example)\n  - [Example](#example-1)\n- [Example!](#example-2)\n- [Other](#other)')"
