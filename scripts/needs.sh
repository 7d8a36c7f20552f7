#!/bin/sh
# Gets what the tests need. System packages are installed as root only, and
# after saying which; anybody else is told what to install.
set -eu

missing=""
need() { # program package
	command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}
need chromium chromium
need python3 python3
need gzip gzip
need git git
need curl curl
need ip iproute2
need qemu-system-x86_64 qemu-system-x86
need cpio cpio
need busybox busybox-static

if [ -z "$missing" ]; then
	:
elif [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
	echo "The tests need these Debian packages, which are installed now:$missing"
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -qq
	# shellcheck disable=SC2086 # a list of packages
	apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
	echo "The tests need these packages, please install them:$missing"
	echo "Without them the tests that need them are skipped, and say so."
fi
"$(dirname "$0")/engine.sh" start || [ -z "${BENCHCELL_REQUIRE:-}" ]
