#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
same_bytes /app/closed/2026-05.tsv f33ad52a26eb7a0ca0f82e5f93b469d94967700a77dea910da8233e06fac8533
same_bytes /app/closed/2026-05.total 8a0494783ae9c15c12e682aae42db54ea5af1f76cf433e19d12992b5b0e89964
same_bytes /app/closed/2026-06.tsv 5a8be6b93fb4fe8bd1531f6e95c907add6a1082fce8c80fe4462a293edac41d5
same_bytes /app/closed/2026-06.total b35f525ce12af6df6428395bed88116f21ec671f31ca1ce16cdbc980d3f7a186
same_bytes /app/closed/index 3986bd33454a432d658d0ba41d75d68e71584c6a67bb6d3749f4f4b244f0903a

verdict
