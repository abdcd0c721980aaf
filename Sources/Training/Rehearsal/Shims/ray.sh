#!/bin/bash
# Beside the interpreter in a rehearsal: checks what was asked of Ray and runs the command on this machine alone.
set -euo pipefail
[ -x "$REHEARSAL_RAY" ] || { echo "$REHEARSAL_RAY is missing: Ray must be installed beside the interpreter" >&2; exit 2; }
"$REHEARSAL_RAY" "$1" --help >/dev/null || exit 2
while [ "$1" != -- ]; do
  shift
  [ $# -gt 0 ] || { echo "ray: no command after '--'" >&2; exit 2; }
done
shift
exec "$@"
