#!/bin/sh
# Runs the conformance suite on Podman's socket, of a service of its own:
# scripts/podman.sh
#
# What Podman has otherwise is left out, with the reason.
set -eu

if [ "$(id -u)" != 0 ]; then
	echo "Skipped: the tests on Podman need root, who may set all limits."
	[ -z "${BENCHCELL_REQUIRE:-}" ]
	exit
fi
if ! command -v podman >/dev/null 2>&1; then
	echo "Installing the Debian package podman."
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -qq
	apt-get install -y -qq --no-install-recommends podman >/dev/null
fi
folder=$(mktemp -d /tmp/bc-XXXXXX) # short: sockets lie below
export DOCKER_HOST="unix://$folder/podman.sock"

# Podman raises the number of processes, which not every root may: where this one
# may not, its wish is taken out on the way to the runtime.
cat >"$folder/runc" <<'RUNC'
#!/bin/sh
for argument in "$@"; do
	[ "${before:-}" = --bundle ] && sed -i 's/{"type":"RLIMIT_NPROC"[^}]*},//; s/,{"type":"RLIMIT_NPROC"[^}]*}//' "$argument/config.json"
	before=$argument
done
exec runc "$@"
RUNC
chmod +x "$folder/runc"
runtime=runc
prlimit --nproc=1048576 true 2>/dev/null || runtime=$folder/runc

cat >"$folder/containers.conf" <<CONF
[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
[engine]
runtime = "$runtime"
cgroup_manager = "cgroupfs"
CONF

# In its folder: what watches over a container notes there that memory ran out.
CONTAINERS_CONF="$folder/containers.conf" env -C "$folder" unshare --net podman --root "$folder/root" --runroot "$folder/run" --tmpdir "$folder/tmp" \
	--storage-driver vfs system service --time 0 "$DOCKER_HOST" >"$folder/log" 2>&1 </dev/null &
service=$!
. scripts/own-service.sh

go test -count=1 ./internal/sandbox/container -run 'TestConformance$' "$@" || { tail -n 20 "$folder/log" >&2; exit 1; }
