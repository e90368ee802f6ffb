#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
same_bytes /app/plan.tar.gz a47ce39b862d5f529d40cbf205d50ebd78de0a8adddd68be438a197d207a8c2e
same_bytes /app/plan/quay.txt 91a7f1266d1a92c44c8ccd3e51790cdd5f2e1643eddb6b222cbda42e59cf870b
same_bytes /app/plan/crane.txt 6b9ff8e494521eb8ec71e0dfae447ee1b3036d40750f1b6373d173ef12c0c949

verdict
