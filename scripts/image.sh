#!/bin/sh
# Makes the images that containers start from: the runner's own, and the tools
# image. Where no registry can be reached, the base of the tools image is made
# of Debian's packages.
set -eu

base=debian:bookworm-slim

if ! docker version >/dev/null 2>&1; then
	echo "No container engine answers: start yours, or as root 'scripts/engine.sh start'." >&2
	exit 1
fi
if ! docker image inspect "$base" >/dev/null 2>&1 && ! docker pull -q "$base" >/dev/null 2>&1; then
	echo "$base can't be pulled: making it from Debian's packages."
	if ! command -v mmdebstrap >/dev/null 2>&1; then
		[ "$(id -u)" = 0 ] || { echo "Please install mmdebstrap." >&2; exit 1; }
		echo "Installing the Debian package mmdebstrap."
		export DEBIAN_FRONTEND=noninteractive
		apt-get update -qq
		apt-get install -y -qq --no-install-recommends mmdebstrap >/dev/null
	fi
	# mmdebstrap warns on standard error of what it works around; its end decides.
	mmdebstrap --quiet --variant=minbase --include=ca-certificates,python3,gzip bookworm - | docker import - "$base" >/dev/null
fi
DOCKER_BUILDKIT=0 docker build -q -t benchcell/tools runner-image/tools >/dev/null
bin/orchestrator image
