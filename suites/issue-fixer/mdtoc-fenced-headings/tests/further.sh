printf '# P\n## One\n```sh\n## no\n~~~\n## nor\n```\n## Two\n~~~\n```\n## no\n~~~\n## Three\n' > "$W/h.md"
is 'blocks of code' "$($R/bin/mdtoc "$W/h.md")" "$(printf -- '- [One](#one)\n- [Two](#two)\n- [Three](#three)')"
printf '## A\n```\n## b\n' > "$W/i.md"
is 'a block that does not end' "$($R/bin/mdtoc "$W/i.md")" '- [A](#a)'
