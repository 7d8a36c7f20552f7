#!/bin/sh
# Makes the archives of a release, and beside each what it is made of:
# scripts/release.sh v1.2.3
set -eu
version=${1:?a version}
rm -rf dist
make dashboard
for arch in amd64 arm64; do
	name="benchcell-$version-linux-$arch"
	mkdir -p "dist/$name"
	GOARCH=$arch make programs
	GOOS=linux GOARCH=$arch CGO_ENABLED=0 go build -trimpath -ldflags="-s -w -X main.version=$version" \
		-o "dist/$name/orchestrator" ./cmd/orchestrator
	cp -r README.md LICENSE SECURITY.md CHANGELOG.md config.toml deploy "dist/$name/"
	GOOS=linux GOARCH=$arch scripts/licences.sh > "dist/$name/LICENCES.txt"
	GOARCH=$arch scripts/sbom.sh dist "$name"
	tar -C dist --sort=name --owner=0 --group=0 --numeric-owner -czf "dist/$name.tar.gz" "$name"
done
make programs # this machine's own again
(cd dist && sha256sum ./*.tar.gz ./*.json > SHA256SUMS && cat SHA256SUMS)
