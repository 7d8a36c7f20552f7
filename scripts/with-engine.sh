#!/bin/sh
# Runs a command with a container engine of its own, which is stopped after it:
# DOCKERD_OPTIONS=… scripts/with-engine.sh COMMAND…
#
# The engine has no network and shares nothing with that of the machine but the
# programs. The command finds it in DOCKER_HOST.
set -eu

if [ "$(id -u)" != 0 ] || ! command -v dockerd >/dev/null 2>&1; then
	echo "An engine of our own needs root and dockerd." >&2
	exit 1
fi
folder=$(mktemp -d /tmp/bc-XXXXXX) # short: sockets lie below
export DOCKER_HOST="unix://$folder/engine.sock"

# In a network of its own, or it would take down the bridge of the machine's.
# shellcheck disable=SC2086 # a list of options
unshare --net dockerd --host "$DOCKER_HOST" --data-root "$folder/data" --exec-root "$folder/run" --pidfile "$folder/pid" \
	--bridge=none --iptables=false --ip-forward=false --shutdown-timeout=1 ${DOCKERD_OPTIONS:-} >"$folder/log" 2>&1 </dev/null &
service=$!
. scripts/own-service.sh

"$@"
