# benchcell: 'make run' builds and serves, 'make test' gets what the tests need
# and runs them. Nothing here touches more than this folder and the package
# caches, but for the system packages that scripts/needs.sh asks for as root.

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo development)
GO      := CGO_ENABLED=0 go
FLAGS   := -trimpath -ldflags='-s -w -X main.version=$(VERSION)'
TOOLS   := $(CURDIR)/bin/tools

# Which programs containers on the target platform can run.
PROGRAM_OS := linux

.PHONY: help run build image needs programs dashboard test residues elsewhere test-all lint fuzz bench sbom licences release clean

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build ## build everything and serve the dashboard
	bin/orchestrator serve

build: programs dashboard ## build bin/orchestrator with everything inside
	$(GO) build $(FLAGS) -o bin/orchestrator ./cmd/orchestrator

programs: ## build what runs inside a boundary, and is carried in the binary
	GOOS=$(PROGRAM_OS) $(GO) build -trimpath -ldflags='-s -w' -o runner-image/bin/ ./runner-image/runner ./runner-image/bench-builtin ./runner-image/hostile

dashboard: web/node_modules/.installed ## build the dashboard into web/static
	$(GO) run ./cmd/orchestrator openapi > web/openapi.json
	cd web && OPENAPI=openapi.json npm run --silent build

web/node_modules/.installed: web/package.json web/package-lock.json
	@command -v npm >/dev/null || { echo "npm is missing: install Node.js 20 or newer"; exit 1; }
	cd web && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

image: build ## make the images that containers start from
	@scripts/image.sh

needs:
	@scripts/needs.sh

test: needs build ## get what the tests need and run them all
	scripts/image.sh || [ -z "$$BENCHCELL_REQUIRE" ]
	go vet ./...
	go test -timeout 15m ./...
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=line residues elsewhere
	cd web && npm test --silent && npm run --silent e2e

# A soak mostly waits, and counts what no other test here leaves.
residues:
	go test ./cmd/orchestrator -count=1 -run '^TestSoak$$' -v -soak 50

elsewhere: # under another kernel, and with inputs that nobody thought of
	SKIP='Sandbox|EveryDefence' scripts/cgroup2.sh internal/sandbox/cgroup internal/sandbox/process
	@scripts/fuzz.sh 100x

SOAK ?= 2000
COMPARE ?= 1500
test-all: test lint ## and the long ones: race detector, other engines and kernels, a soak, comparisons, fuzzing
	go test -race -timeout 30m ./...
	RUN=Sandboxed SKIP='//Figures/(sleeping|two_threads)|//Limits/cpu_time' SECONDS_IN_ALL=600 scripts/cgroup2.sh internal/sandbox/process
	scripts/podman.sh
	scripts/gvisor.sh
	scripts/cgroup2-engine.sh
	scripts/systemd.sh
	go test ./cmd/orchestrator -count=1 -timeout 0 -run '^TestSoak$$' -v -soak $(SOAK)
	go test ./cmd/orchestrator -count=1 -timeout 0 -run TestWeakened -weaken -v
	go test ./cmd/orchestrator -count=1 -timeout 0 -run TestCompareIsHonest -v -compare $(COMPARE)
	$(MAKE) fuzz FUZZTIME=60s

lint: ## check the code by the rules in .golangci.yml
	GOBIN=$(TOOLS) go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
	$(TOOLS)/golangci-lint run ./...
	GOOS=darwin $(TOOLS)/golangci-lint run ./...

FUZZTIME ?= 10m
fuzz: ## look for inputs that break a parser, FUZZTIME each
	@scripts/fuzz.sh $(FUZZTIME)

bench: build ## measure what the README promises, side by side with the peer
	go run ./bench

sbom: dashboard ## write what the binary is made of to dist, as CycloneDX
	GOARCH=$(shell go env GOARCH) scripts/sbom.sh dist benchcell-$(VERSION)

licences: web/node_modules/.installed ## print the licences of all that is in the binary
	@scripts/licences.sh

release: ## make archives for linux amd64 and arm64 in dist, with SBOMs and licences
	@scripts/release.sh $(VERSION)

clean: ## remove what was built
	rm -rf bin dist web/node_modules web/openapi.json
	find runner-image/bin web/static -mindepth 1 ! -name README.md -delete
