is 'before the release' "$(printf '2.0.0\n2.0.0-beta\n1.9.9\n2.0.1-a\n' | $R/bin/verso | tr '\n' ' ')" '1.9.9 2.0.0-beta 2.0.0 2.0.1-a '
is 'the longer one is higher' "$(printf '1.0.0-alpha.1\n1.0.0-alpha\n1.0.0-alpha.beta\n' | $R/bin/verso | tr '\n' ' ')" '1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta '
is 'what follows a plus' "$(printf '1.0.0+x\n1.0.0-rc+9\n1.0.0-rc+1\n' | $R/bin/verso | tr '\n' ' ')" '1.0.0-rc+9 1.0.0-rc+1 1.0.0+x '
