#!/bin/bash
# tests ./days
[ "$(./days 2)" = 28 ] && [ "$(./days 4)" = 30 ] && [ "$(./days 12)" = 31 ]
