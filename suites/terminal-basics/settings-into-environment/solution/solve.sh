#!/bin/bash
# What is in the settings, and why can the shell not source them?
cat /app/report.env /app/bin/tide-report

# Read them as data, line by line, and export them in the shell that starts the program.
cat > /app/make-report <<'SH'
#!/bin/bash
while IFS= read -r line || [ -n "$line" ]; do
  case $line in '#'*|'') continue ;; *=*) export "${line%%=*}=${line#*=}" ;; esac
done < /app/report.env
/app/bin/tide-report > /app/report.txt
SH
chmod 755 /app/make-report

# Run it.
/app/make-report
cat /app/report.txt
