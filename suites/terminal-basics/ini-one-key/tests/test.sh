#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

same_bytes /app/services.ini f0792bb1348c3c5a907234fc18cef641dba800716211701e26920e1b8a9f184b

verdict
