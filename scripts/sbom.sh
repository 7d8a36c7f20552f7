#!/bin/sh
# Writes what a release is made of as CycloneDX: scripts/sbom.sh FOLDER NAME, with
# GOARCH of the release. The modules compiled in, and what the dashboard bundles.
set -eu
out=$(mkdir -p "${1:?a folder}" && cd "$1" && pwd) name=${2:?a name}
cd "$(dirname "$0")/.."
tools=$PWD/bin/tools
[ -x "$tools/cyclonedx-gomod" ] ||
	GOARCH='' GOBIN=$tools go install github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0
GOOS=linux CGO_ENABLED=0 "$tools/cyclonedx-gomod" app -json -licenses -std -main cmd/orchestrator -output "$out/$name.cdx.json" .
(cd web && npm sbom --sbom-format cyclonedx --sbom-type application --omit dev --package-lock-only) > "$out/$name-dashboard.cdx.json"
