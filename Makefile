GO := CGO_ENABLED=0 go
LDFLAGS := -s -w -X main.version=$(VERSION)
VERSION ?= development

programs:
	$(GO) build -trimpath -ldflags='-s -w' -o runner-image/bin/runner ./runner-image/runner
	$(GO) build -trimpath -ldflags='-s -w' -o runner-image/bin/bench-builtin ./runner-image/bench-builtin
build: programs
	$(GO) build -trimpath -ldflags='$(LDFLAGS)' -o bin/orchestrator ./cmd/orchestrator
