#!/bin/bash
# Stands in for SkyPilot in a rehearsal: a folder of the new home is the cluster's disk.
set -euo pipefail
[ "$1" = launch ] || { echo "sky: '$1' is not rehearsed" >&2; exit 1; }
shift
while [ $# -gt 0 ]; do
  case $1 in
  -c) shift ;;
  --secret)
    shift
    grep -qx "$1" "$REHEARSAL_FOLDER/secrets" || { echo "sky: the task has no secret $1" >&2; exit 1; }
    export "$1=rehearsal"
    ;;
  *.yaml) [ -r "$1" ] || { echo "sky: cannot read $1" >&2; exit 1; } ;;
  *) echo "sky: '$1' is not rehearsed" >&2; exit 1 ;;
  esac
  shift
done
while IFS= read -r name; do
  [ -n "${!name:-}" ] || { echo "sky: the secret $name was given no value" >&2; exit 1; }
done <"$REHEARSAL_FOLDER/secrets"
mkdir -p "$HOME/sky_workdir"
cp -a ./. "$HOME/sky_workdir/"
export SKYPILOT_NODE_IPS=127.0.0.1 SKYPILOT_NUM_NODES=1 SKYPILOT_NODE_RANK=0 SKYPILOT_NUM_GPUS_PER_NODE=0
cd "$HOME/sky_workdir"
bash "$REHEARSAL_FOLDER/setup.sh"
bash "$REHEARSAL_FOLDER/run.sh"
