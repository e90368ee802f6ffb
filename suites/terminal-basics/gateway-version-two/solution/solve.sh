#!/bin/bash
# The rules and the old settings.
cat /app/MIGRATION.txt /app/gate.conf

# A small reader for old values.
cat > /tmp/old.sh <<'SH'
old() { sed -n "s/^$1 //p" /app/gate.conf; }
case $(old tls) in on) mode=required ;; off) mode=none ;; opt) mode=optional ;; esac
levels=(none error warning info debug)
printf '%s\n' '[listen]' "host = $(old listen_host)" "port = $(old listen_port)" ''
printf '%s\n' '[queue]' "path = $(old queue_dir)" "retry = $(($(old queue_retry_min) * 60))" "life = $(($(old queue_lifetime_h) * 3600))" "limit = $(($(old max_size_kb) * 1024))" ''
printf '%s\n' '[tls]' "mode = $mode" "cert = $(old tls_cert)" ''
printf '%s\n' '[log]' "level = ${levels[$(old log_level)]}" 'file = /var/log/gate.log' ''
printf '%s\n' '[relay]' "hosts = $(old relay | paste -s -d , | sed 's/,/, /g')" ''
printf '%s\n' '[text]' "banner = \"$(old banner)\""
SH
bash /tmp/old.sh > /tmp/new.conf

# Read it over, then deliver.
cat /tmp/new.conf
cp /tmp/new.conf /app/gate-v2.conf
