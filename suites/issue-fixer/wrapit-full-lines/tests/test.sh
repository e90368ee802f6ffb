#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

server wrapit main a6394201f4737afe1145eb502e910e3093ac615f
branch 'patch/layout/66'
commits one 'layout: ' 60 'Issue: 66'
adds
entry CHANGES '- ' ' (#66)'
record tag 'offer-66' 'Issue: 66' 'Reviewer: Zeno Vidal <zeno@example.org>'
works

verdict
