# Picasso. Two commands do everything on a fresh machine:
#
#   make run     opens the program on an embedded sample
#   make test    passes the tests
#
# Both first set up what is missing (see scripts/setup.sh); nothing is
# installed, and no root needed, when everything is there already.

# What is pinned outside go.mod. The checksums are those of the package and of
# its contents are covered by it.
export ORT_VERSION     := 1.24.3
export ORT_PACKAGE     := onnxruntime-node@$(ORT_VERSION)
export ORT_SHA256      := aa1bb5fa261ea68de05dd53efbba210cd7adf2d2850f4c3a201054c74cc78040
STATICCHECK            := honnef.co/go/tools/cmd/staticcheck@v0.8.2

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)

# One set of flags for every build: another set would compile the toolkit anew
# for minutes.
export GOFLAGS := $(filter-out -trimpath,$(GOFLAGS)) -trimpath
LDFLAGS := -ldflags '-s -w -X main.version=$(VERSION)'

GO_SOURCES := $(shell git ls-files -co --exclude-standard '*.go' 'assets/**' go.mod go.sum 2>/dev/null)
PURE       := ./assets/... ./backend/... ./visualizers/... ./ui/control/... ./ui/cli/...

.DEFAULT_GOAL := help
.PHONY: run test build check race bench smoke fuzz setup samples clean help

run: setup bin/picasso ## open the program on the embedded sample
	./bin/picasso

test: setup smoke-setup ## set up, then run every test, real window included
	go test -timeout 20m ./...

build: setup bin/picasso bin/picasso-cli ## make bin/picasso and the windowless bin/picasso-cli

bin/picasso: $(GO_SOURCES)
	go build $(LDFLAGS) -o $@ .

# The tag leaves the window out: no X, GL or GTK is linked.
bin/picasso-cli: $(GO_SOURCES)
	go build $(LDFLAGS) -tags cli -o $@ .

check: setup ## vet, staticcheck, formatting, directions of imports
	@test -z "$$(gofmt -l .)" || { echo "run gofmt on:"; gofmt -l .; exit 1; }
	go vet ./...
	go run $(STATICCHECK) ./...
	go test -run 'TestImports' .
	CGO_ENABLED=0 go vet $(PURE)

race: setup ## the tests again under the race detector (toolkit compiled anew once)
	go test -race -timeout 30m $(PURE) ./ui

bench: setup ## the ratios of docs/performance.md
	go test -run '^$$' -bench . -benchtime 1x -count 3 $(PURE)

smoke: setup smoke-setup ## the real program under Xvfb, a real file dropped on it
	go test -count=1 -v -run TestSmoke .

fuzz: setup ## every fuzz target for 30 seconds each
	./scripts/fuzz.sh 30s

samples: ## make the embedded samples again (needs python3 with torch)
	go generate ./assets

setup:
	@./scripts/setup.sh build

smoke-setup:
	@./scripts/setup.sh smoke

clean: ## remove what was built here
	rm -rf bin dist

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'
