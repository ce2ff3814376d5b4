#!/bin/sh
# Runs an audit on a real Slurm cluster of two nodes on this machine: an array of
# four, of which one task is requeued in the middle and one node is killed. The
# merged table must be that of a single run:  cluster-test.sh PICASSO-CLI
#
# It installs nothing, and stops what it started by its number. Where Slurm is
# missing it says so and ends with 0.
set -u
picasso=$(realpath "${1:?usage: cluster-test.sh PICASSO-CLI}")
samples=$(realpath "$(dirname "$0")/../assets/samples/tanks")

skip() {
	echo "skipped: $1"
	exit 0
}
for tool in slurmctld slurmd sbatch scontrol munged; do
	command -v $tool >/dev/null || PATH=$PATH:/usr/sbin command -v $tool >/dev/null ||
		skip "$tool is missing; apt-get install --no-install-recommends slurmctld slurmd slurm-client munge slurm-wlm-basic-plugins"
done
[ "$(id -u)" = 0 ] || skip "the daemons of this test run as root"
PATH=$PATH:/usr/sbin

work=$(mktemp -d)
host=$(hostname -s)
stop() {
	# Stop the tasks, then the daemons, each by the number it left.
	cat "$work"/pids/* 2>/dev/null | while read -r pid step node; do
		[ "$(readlink "/proc/$pid/exe" 2>/dev/null)" = "$picasso" ] && kill -9 "$pid" 2>/dev/null
	done
	for file in "$work"/run/slurmd-n1.pid "$work"/run/slurmd-n2.pid "$work"/run/ctld.pid "$work"/munge/pid; do
		[ -s "$file" ] && kill "$(cat "$file")" 2>/dev/null
	done
	sleep 1
	rm -rf "$work"
}
trap stop EXIT
trap 'exit 1' HUP INT TERM
fail() {
	echo "FAILED: $1"
	tail -n 20 "$work"/log/*.log "$work"/tasks/* 2>/dev/null
	exit 1
}
# Waits up to so many seconds until a command succeeds.
until_true() {
	left=$1
	shift
	until "$@"; do
		left=$((left - 1))
		[ $left -gt 0 ] || return 1
		sleep 1
	done
}

mkdir -p "$work"/state "$work"/log "$work"/run "$work"/munge "$work"/pids "$work"/tasks "$work"/pictures
chmod 755 "$work"
head -c 1024 /dev/urandom >"$work"/munge.key
chmod 400 "$work"/munge.key
munged --key-file="$work"/munge.key --socket="$work"/munge/s --pid-file="$work"/munge/pid --log-file="$work"/munge/log \
	--seed-file="$work"/munge/seed --force || skip "munge does not start"
export SLURM_CONF="$work"/slurm.conf
cat >"$SLURM_CONF" <<END
ClusterName=one
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16817
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$work/munge/s
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool-%n
SlurmctldPidFile=$work/run/ctld.pid
SlurmdPidFile=$work/run/slurmd-%n.pid
SlurmctldLogFile=$work/log/ctld.log
SlurmdLogFile=$work/log/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
JobRequeue=1
RequeueExit=75
KillWait=5
SlurmdTimeout=6
MaxArraySize=10001
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=16821 CPUs=1 RealMemory=1000
NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.1 Port=16822 CPUs=1 RealMemory=1000
PartitionName=main Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP
END
slurmctld -i || fail "the controller does not start"
slurmd -N n1 || fail "node n1 does not start"
slurmd -N n2 || fail "node n2 does not start"
both_idle() { [ "$(sinfo -h -N -o %t 2>/dev/null | grep -c '^idle$')" = 2 ]; }
until_true 60 both_idle || fail "the nodes do not become idle"

# The samples under many names, explained slowly enough to be interrupted.
for i in $(seq 10 19); do
	for file in "$samples"/*.png; do
		cp "$file" "$work/pictures/$i-$(basename "$file")"
	done
done
model=$(ls "$samples"/*biased*.onnx)
audit="$picasso audit --model $model --image $work/pictures --provider cpu --threads 1 --visualizer occlusion --set size=24 --set stride=5 --set engine=plain"
echo "a single run of $(ls "$work"/pictures | wc -l) pictures"
$audit --out "$work"/single >"$work"/tasks/single 2>&1 || fail "the single run"

cat >"$work"/task.sh <<END
#!/bin/sh
echo \$\$ \$PPID \$SLURMD_NODENAME >$work/pids/\$SLURM_ARRAY_TASK_ID.\$\$
exec $audit --out $work/out --shard auto
END
job=$(sbatch --parsable --requeue --array=0-3 --output="$work/tasks/%a" --open-mode=append "$work"/task.sh) || fail "the array is refused"
started() { find "$work/pids" -name "$1.*" | wc -l; } # how often a task was
rows() { find "$work/out/rows" -name '*.json' 2>/dev/null | wc -l; }
begun() { [ "$(rows)" -ge 4 ]; }
until_true 60 begun || fail "no task writes rows"

# One task is told to stop in the middle.
scontrol requeue "${job}_0" || fail "the task cannot be requeued"
echo "task 0 is requeued after $(rows) rows"
# A requeued task waits two minutes unless it is told not to.
again() { scontrol update jobid="${job}_0" StartTime=now 2>/dev/null; [ "$(started 0)" = 2 ]; }
until_true 90 again || fail "the requeued task does not start again"

# One node dies with everything on it.
victim=
on_n2() {
	for file in $(grep -l 'n2$' "$work"/pids/* 2>/dev/null); do
		read -r pid step node <"$file"
		[ "$(readlink "/proc/$pid/exe" 2>/dev/null)" = "$picasso" ] && victim=$file && return 0
	done
	return 1
}
until_true 60 on_n2 || fail "nothing runs on n2"
sleep 2 # rows of its own
read -r pid step node <"$victim"
kill -9 "$(cat "$work"/run/slurmd-n2.pid)" "$step" "$pid" 2>/dev/null
rm -f "$work"/run/slurmd-n2.pid
echo "node n2 is killed after $(rows) rows, with task $(basename "$victim")"
done_all() {
	for id in $(squeue -h -r -o %i -t PENDING 2>/dev/null); do
		scontrol update jobid="$id" StartTime=now 2>/dev/null
	done
	[ -z "$(squeue -h -o %i 2>/dev/null)" ]
}
until_true 400 done_all || fail "the array does not end"

ls "$work"/out/shards
"$picasso" audit merge "$work"/out >"$work"/tasks/merge 2>&1 || fail "merging"
cmp "$work"/single/rows.csv "$work"/out/rows.csv || fail "the table differs from that of a single run"
echo "the table of the array is that of the single run: $(grep -c . "$work"/out/rows.csv) lines"
