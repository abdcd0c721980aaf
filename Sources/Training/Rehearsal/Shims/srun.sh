#!/bin/bash
# Stands in for SLURM in a rehearsal: runs the command once, on this machine.
while [ "${1#-}" != "$1" ]; do shift; done
exec "$@"
