printf 'start 2025-01-06\nperson ada\nperson bo\nperson cy\n' > "$W/h"
is 'the day before' "$($R/bin/rota "$W/h" 2025-01-05)" 'cy'
is 'the Monday before' "$($R/bin/rota "$W/h" 2024-12-30)" 'cy'
is 'two weeks before' "$($R/bin/rota "$W/h" 2024-12-29)" 'bo'
is 'three weeks before' "$($R/bin/rota "$W/h" 2024-12-16)" 'ada'
is 'four weeks before' "$($R/bin/rota "$W/h" 2024-12-15)" 'cy'
is 'a year before' "$($R/bin/rota "$W/h" 2024-01-08)" 'cy'
is 'after it' "$($R/bin/rota "$W/h" 2025-01-20)" 'cy'
