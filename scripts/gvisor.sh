#!/bin/sh
# Runs the conformance suite under gVisor, as the runtime of an engine of its
# own: scripts/gvisor.sh
#
# What gVisor's kernel has otherwise is left out, with the reason.
set -eu

if [ "$(id -u)" != 0 ] || ! command -v dockerd >/dev/null 2>&1; then
	echo "Skipped: the tests under gVisor need root and dockerd, for an engine of their own."
	[ -z "${BENCHCELL_REQUIRE:-}" ]
	exit
fi
version=v0.0.0-20260905035102-160fafc42237 # of the module's branch "go", 2026-09-05
tools=$PWD/bin/tools
if [ ! -x "$tools/runsc" ]; then
	echo "Building gVisor's runsc $version."
	CGO_ENABLED=0 GOBIN=$tools go install -trimpath -ldflags='-s -w' "gvisor.dev/gvisor/runsc@$version"
fi
# It says ENAMETOOLONG where Linux says E2BIG, its CPU clocks are coarse, and its own
# memory and threads count too: when either runs out all of it goes, so there is no
# counter to see. Its /proc does not say which processors a program may use.
BENCHCELL_TEST_RUNTIME=runsc DOCKERD_OPTIONS="--add-runtime runsc=$tools/runsc" \
	scripts/with-engine.sh go test -count=1 ./internal/sandbox/container -run 'TestConformance$' \
	-skip 'TestConformance/Starting|TestConformance/Limits/(cpu_time|memory|processes)|TestConformance/Figures/(memory|two_threads|a_detached)|TestConformance/Asides/only_the|TestConformance/(Cores|Crowds)' "$@"
