#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

same_bytes /app/README.md 8630c6fb7e8eba2ee6c4cb0d3daf92f7f8947ad08bed4a3d25a7c0f34acc9826

verdict
