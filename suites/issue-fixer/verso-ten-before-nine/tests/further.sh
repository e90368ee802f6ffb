is 'numbers by value' "$(printf '1.10.0\n1.9.0\n1.9.10\n1.9.9\n' | $R/bin/verso | tr '\n' ' ')" '1.9.0 1.9.9 1.9.10 1.10.0 '
is 'in pre-releases' "$(printf '1.0.0-rc.11\n1.0.0-rc.2\n1.0.0-rc.a\n1.0.0-beta\n' | $R/bin/verso | tr '\n' ' ')" '1.0.0-beta 1.0.0-rc.2 1.0.0-rc.11 1.0.0-rc.a '
is 'numbers before words' "$(printf '1.0.0-a\n1.0.0-1\n1.0.0-Z\n' | $R/bin/verso | tr '\n' ' ')" '1.0.0-1 1.0.0-Z 1.0.0-a '
