#!/bin/bash
# Stands in for Kubernetes in a rehearsal: a folder is the volume, this machine is every pod.
set -euo pipefail
word=$1
shift
case $word in
apply)
  if [ "$1" != -f ] || ! [ -r "$2" ]; then
    echo "kubectl: cannot read: $*" >&2
    exit 1
  fi
  echo "$2" >>"$REHEARSAL_FOLDER/applied"
  ;;
wait | delete) ;;
exec)
  while [ "$1" != -- ]; do shift; done
  shift
  command=("${@//\/runs/$REHEARSAL_FOLDER\/volume}")
  exec "${command[@]}"
  ;;
*) echo "kubectl: '$word' is not rehearsed" >&2; exit 1 ;;
esac
