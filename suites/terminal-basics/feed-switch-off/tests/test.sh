#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

same_bytes /app/feeds.xml 923c3faea39b2ca921caa8b87a4480b45fd418bed46e97adbb47c27a43f88f52

verdict
