printf 'start 2025-01-06\nperson ada\nperson bo\nswap 2025-02-12 cy\nswap 2025-02-10 di\nswap 2024-12-31 ed\n' > "$W/h"
is 'Monday of a swap' "$($R/bin/rota "$W/h" 2025-02-10)" 'di'
is 'Sunday of a swap' "$($R/bin/rota "$W/h" 2025-02-16)" 'di'
is 'the Monday after' "$($R/bin/rota "$W/h" 2025-02-17)" 'ada'
is 'the Sunday before' "$($R/bin/rota "$W/h" 2025-02-09)" 'ada'
is 'a swap over new year' "$($R/bin/rota "$W/h" 2025-01-05)" 'ed'
is 'no swap' "$($R/bin/rota "$W/h" 2025-01-14)" 'bo'
