#!/bin/bash
# What kinds of lines are there?
cat /app/TIMER.txt
cat -A /app/crontab

# Five columns of time, the rest is the command.
cat > /tmp/timer.sh <<'SH'
names=(Sun Mon Tue Wed Thu Fri Sat Sun)
while IFS= read -r line; do
  state=on
  if [[ $line =~ ^#[0-9*] ]]; then state=off; line=${line#?}; fi
  [[ $line =~ ^([0-9*/]+)\ ([0-9*/]+)\ ([0-9*]+)\ [*]\ ([-0-9*,]+)\ (.*)$ ]] || continue
  minute=${BASH_REMATCH[1]} hour=${BASH_REMATCH[2]} day=${BASH_REMATCH[3]} week=${BASH_REMATCH[4]} command=${BASH_REMATCH[5]}
  if [[ $minute == '*/'* ]]; then time="every ${minute#*/}m"
  elif [[ $hour == '*/'* ]]; then printf -v time 'every %sh@%02d' "${hour#*/}" "$minute"
  else printf -v time '%02d:%02d' "$hour" "$minute"; fi
  if [ "$day" != '*' ]; then days="day $day"
  elif [ "$week" = '*' ]; then days=daily
  else
    wanted=' '
    for part in ${week//,/ }; do for ((i = ${part%-*}; i <= ${part#*-}; i++)); do wanted+="${names[i]} "; done; done
    days=
    for name in Mon Tue Wed Thu Fri Sat Sun; do if [[ $wanted == *" $name "* ]]; then days+=",$name"; fi; done
    days=${days#,}
  fi
  printf '%s\t%s\t%s\t%s\n' "$time" "$days" "$state" "$command"
done < /app/crontab
SH
bash /tmp/timer.sh > /tmp/timer.list

# Deliver.
cat /tmp/timer.list
cp /tmp/timer.list /app/timer.list
