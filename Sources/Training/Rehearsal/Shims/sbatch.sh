#!/bin/bash
# Stands in for SLURM in a rehearsal: this machine is the only node of the job.
set -euo pipefail
script=$1
[ $# = 1 ] || { echo "sbatch: more than a script was given: $*" >&2; exit 1; }
head -n 1 "$script" | grep -q '^#!' || { echo "sbatch: $script does not begin with #!" >&2; exit 1; }
known=" account acctg-freq array batch begin bell burst-buffer cluster-constraint clusters comment constraint container \
container-id contiguous core-spec cores-per-socket cpu-freq cpus-per-gpu cpus-per-task deadline delay-boot dependency \
distribution error exclude exclusive export export-file extra extra-node-info get-user-env gid gpu-bind gpu-freq gpus \
gpus-per-node gpus-per-socket gpus-per-task gres gres-flags hint hold ignore-pbs input job-name kill-on-invalid-dep \
licenses mail-type mail-user mcs-label mem mem-bind mem-per-cpu mem-per-gpu mincpus network nice no-kill no-requeue \
nodefile nodelist nodes ntasks ntasks-per-core ntasks-per-gpu ntasks-per-node ntasks-per-socket open-mode oom-kill-step \
output overcommit oversubscribe parsable partition power prefer priority profile propagate qos quiet reboot requeue \
reservation resv-ports segment signal sockets-per-node spread-job stepmgr switches test-only thread-spec \
threads-per-core time time-min tmp tres-bind tres-per-task uid usage use-min-nodes verbose wait wait-all-nodes wckey wrap "
output=slurm-1.out
# Options end with the first command.
while IFS= read -r line; do
  case $line in
  '#SBATCH --'*)
    option=${line#'#SBATCH --'}
    name=${option%%[= ]*}
    case $known in
    *" $name "*) ;;
    *) echo "sbatch: unrecognized option '--$name'" >&2; exit 1 ;;
    esac
    if [ "$name" = output ]; then output=${option#*=}; fi
    ;;
  '#'* | '') ;;
  *) break ;;
  esac
done <"$script"
export SLURM_SUBMIT_DIR=$PWD SLURM_JOB_ID=1 SLURM_NNODES=1 SLURM_JOB_NUM_NODES=1 SLURM_JOB_NODELIST=localhost
# SLURM runs a copy, from a folder of its own.
cp "$script" "$TMPDIR/slurm_script"
bash "$TMPDIR/slurm_script" >>"$output" 2>&1
