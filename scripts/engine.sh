#!/bin/sh
# Makes sure that a container engine answers, for tests and for trying things
# out on a machine without one: scripts/engine.sh [start|stop]
#
# 'start' does nothing if an engine answers already. Otherwise, as root, it
# installs Debian's engine where none is installed and starts it in the
# background. 'stop' stops only what 'start' has started.
set -eu

state=${BENCHCELL_ENGINE_STATE:-/run/benchcell-engine}
pidfile=$state/pid

answers() { docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

start() {
	if answers; then
		echo "A container engine answers already."
		return
	fi
	if [ "$(id -u)" != 0 ]; then
		echo "No container engine answers. Start yours, or run this as root." >&2
		return 1
	fi
	if ! command -v dockerd >/dev/null 2>&1; then
		echo "Installing the Debian packages docker.io and iptables."
		export DEBIAN_FRONTEND=noninteractive
		apt-get update -qq
		apt-get install -y -qq --no-install-recommends docker.io iptables >/dev/null
	fi
	mkdir -p "$state"
	echo "Starting the container engine; its log is $state/log."
	setsid dockerd --pidfile "$state/dockerd.pid" >"$state/log" 2>&1 </dev/null 3>&- 4>&- & # nor a lock of whoever starts it
	echo $! >"$pidfile"
	for _ in $(seq 300); do
		answers && return
		sleep 0.1
	done
	echo "The engine did not come up:" >&2
	tail -n 20 "$state/log" >&2
	return 1
}

stop() {
	if [ ! -f "$pidfile" ]; then
		echo "No engine was started from here."
		return
	fi
	pid=$(cat "$pidfile")
	case $(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null) in
	*dockerd*) kill "$pid" && while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done ;;
	esac
	rm -f "$pidfile"
}

case ${1:-start} in
start) start ;;
stop) stop ;;
*) echo "usage: $0 [start|stop]" >&2; exit 2 ;;
esac
