mkdir "$W/d"; cd "$W/d"
echo other > 'till'; echo two > 'one.log'; echo mine > 'till one.log'; echo old > 'till one.log.1'
$R/bin/logturn 3 'till one.log'
is 'a blank' "$(cat 'till one.log.1' 'till one.log.2')" "$(printf 'mine\nold')"
is 'the others stay' "$(cat till one.log)" "$(printf 'other\ntwo')"
echo star > '*.log'; $R/bin/logturn 2 '*.log'
is 'a star' "$(cat '*.log.1') $(cat one.log)" 'star two'
echo dash > ./-old.log; echo older > ./-old.log.1; $R/bin/logturn 2 -old.log
is 'a dash' "$(cat ./-old.log.1) $(cat ./-old.log.2)" 'dash older'
cd /
