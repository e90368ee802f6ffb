#!/bin/bash
# What do the scripts want?
cat /app/tools/install.sh /app/report.sh

# Install the tool.
/app/tools/install.sh /app/bin

# The PATH has to hold in the same shell in which the report is made.
export PATH=/app/bin:$PATH
command -v colsum
/app/report.sh
cat /app/report.txt
