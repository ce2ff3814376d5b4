# Picasso. Two commands do everything on a fresh machine:
#
#   make run     opens the program with a sample
#   make test    runs the tests
#
# Both first set up what is missing (see scripts/setup.sh). When nothing is
# missing, nothing is installed and no root is needed.

# Versions pinned here rather than in go.mod. The checksum is that of the whole
# package, so it covers the libraries inside it.
export ORT_VERSION     := 1.24.3
export ORT_PACKAGE     := onnxruntime-node@$(ORT_VERSION)
export ORT_SHA256      := aa1bb5fa261ea68de05dd53efbba210cd7adf2d2850f4c3a201054c74cc78040
STATICCHECK            := honnef.co/go/tools/cmd/staticcheck@v0.8.2
NFPM                   := github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.43.4
ACTIONLINT             := github.com/rhysd/actionlint/cmd/actionlint@v1.7.7
export DIRECTML_VERSION := 1.15.4

# One version number for everything, from git.
export VERSION := $(shell ./scripts/version.sh)

# The same flags for every build: with other flags Go would compile the toolkit
# again, which takes minutes.
export GOFLAGS := $(filter-out -trimpath,$(GOFLAGS)) -trimpath
LDFLAGS := -ldflags '-s -w -X main.version=$(VERSION)'

GO_SOURCES := $(shell git ls-files -co --exclude-standard '*.go' 'assets/**' go.mod go.sum 2>/dev/null)
PURE       := ./assets/... ./backend/... ./visualizers/... ./ui/control/... ./ui/cli/... ./ui/instance ./ui/locale ./packaging/... ./scripts/...

.DEFAULT_GOAL := help
.PHONY: run test test-onnx build check race bench bench-peers smoke quit-test kill-test audit-kill-test cluster-test strace-test soak fuzz setup samples clean help

run: setup bin/picasso ## open the program with its first sample
	./bin/picasso

# The report's exit status does not know that of go test, which a file keeps.
test: setup smoke-setup ## run all tests, those in a real window included
	@mkdir -p dist
	@{ PICASSO_REQUIRE_ONNXRUNTIME=1 go test -json -timeout 20m ./...; echo $$? >dist/test-status; } | go run ./scripts/testreport && exit "$$(cat dist/test-status)"

build: setup bin/picasso bin/picasso-cli ## make bin/picasso and bin/picasso-cli, which has no window

bin/picasso: $(GO_SOURCES) dist/version
	go build $(LDFLAGS) -o $@ .

# A new commit is a new version, whatever it changes.
dist/version: FORCE
	@mkdir -p dist && echo '$(VERSION)' | cmp -s - $@ || echo '$(VERSION)' > $@
FORCE:

# The tag leaves the window out: no X, GL or GTK is linked.
bin/picasso-cli: $(GO_SOURCES) dist/version
	go build $(LDFLAGS) -tags cli -o $@ .

check: setup ## gofmt, vet, staticcheck, go.mod, import rules
	@test -z "$$(gofmt -l .)" || { echo "run gofmt on:"; gofmt -l .; exit 1; }
	go vet ./...
	go run $(STATICCHECK) ./...
	go mod tidy -diff
	go test -run '^Test(Imports|Rooms)' .
	CGO_ENABLED=0 go vet $(PURE)

race: setup ## run the tests under the race detector (the first time compiles the toolkit again)
	go test -race -timeout 30m $(PURE) ./ui

bench: setup ## measure the ratios in docs/performance.md, and set them beside their goals
	@mkdir -p dist
	go test -run '^$$' -bench '^BenchmarkWays$$' -benchtime 1x -timeout 60m ./visualizers | tee dist/ways.txt | ./scripts/ways-table.sh
	{ cat dist/ways.txt; go test -run '^$$' -bench . -skip '^BenchmarkWays$$' -benchtime 1x -count 3 -timeout 2h $(PURE); } | go run ./scripts/benchtable

# The interpreter that has torch, torchvision and captum; PYTHONPATH may lead to a
# checkout of Captum.
PYTHON ?= python3
bench-peers: setup bin/picasso-cli ## compare with Captum on PyTorch, where these are installed (PYTHON=)
	$(PYTHON) scripts/bench-peers.py bin/picasso-cli

# ONNX's own backend tests, in the folder of Debian's libonnx-testdata.
ONNX_TESTS ?= /usr/share/libonnx-testdata/data
test-onnx: setup ## run ONNX's backend tests (package libonnx-testdata) through the gradients
	PICASSO_ONNX_TESTS=$(ONNX_TESTS) go test -count=1 -timeout 30m -v -run '^TestONNXBackend$$' ./backend/onnx/gradient

smoke: setup smoke-setup ## run the real program under Xvfb and drop a file on it
	go test -count=1 -v -run TestSmoke .

cluster-test: setup bin/picasso-cli ## run an audit on a Slurm cluster of two nodes on this machine, where Slurm is installed
	./scripts/cluster-test.sh bin/picasso-cli

# How often a process that fills an audit is killed.
KILLS ?= 50
audit-kill-test: ## kill processes that fill an audit at random moments (KILLS=50); what they leave must be whole
	PICASSO_AUDIT_KILLS=$(KILLS) go test -count=1 -timeout 30m -run '^TestKilledProcesses' ./visualizers/audit/store

# How often the window is started and quit.
N ?= 300
quit-test: setup smoke-setup ## start the real window and quit it N times, by key, button and signal
	PICASSO_QUITS=$(N) go test -count=1 -timeout 4h -run '^TestQuit$$' .

kill-test: setup smoke-setup ## kill the real window N times at random moments, and look what is left
	PICASSO_KILLS=$(N) go test -count=1 -v -timeout 4h -run '^TestKills$$' .

strace-test: setup smoke-setup ## trace the system calls of a window session: none reaches a network
	PICASSO_STRACE=1 go test -count=1 -v -timeout 20m -run '^TestNoNetwork$$' .

# How long the window is used.
SOAK ?= 10m
soak: setup smoke-setup ## use the real window for a while (SOAK=10m) and report what it holds
	PICASSO_SOAK=$(SOAK) go test -count=1 -v -timeout 24h -run '^Test(Soak|Backlog)$$' .

fuzz: setup ## run each fuzz target for 30 seconds and list what it did
	./scripts/fuzz.sh 30s

samples: ## rebuild the embedded samples (needs python3 with torch)
	go generate ./assets

setup:
	@./scripts/setup.sh build

smoke-setup:
	@./scripts/setup.sh smoke

# --- Installers (docs/packaging.md) -----------------------------------------

# With the time of the commit, two builds of one commit are identical.
export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 0)

.PHONY: installers installers-linux installers-windows installer-macos installer-appimage installers-test installers-reproducible check-scripts installers-setup scripts-setup

installers: installers-linux installers-windows ## make .deb, .rpm, .tar.xz, Windows setup and .zip in dist/
	cd dist && sha256sum picasso?$(VERSION)* > SHA256SUMS

DEB   := dist/picasso_$(VERSION)_amd64.deb
SETUP := dist/picasso-$(VERSION)-windows-x64-setup.exe
installers-linux: installers-setup $(DEB)
installers-windows: installers-setup $(SETUP)

$(DEB): bin/picasso bin/picasso-cli dist/runtime/linux-x64 dist/tools/nfpm $(wildcard packaging/linux/* packaging/licenses/*)
	./packaging/linux/build.sh

$(SETUP): bin/picasso.exe bin/picasso-cli.exe dist/runtime/win32-x64 $(wildcard packaging/windows/* packaging/licenses/*)
	./packaging/windows/build.sh

installer-macos: bin/picasso bin/picasso-cli dist/runtime/darwin-arm64 ## make .app and .dmg, on a Mac
	./packaging/macos/build.sh

installer-appimage: bin/picasso bin/picasso-cli dist/runtime/linux-x64 ## make .AppImage (needs appimagetool in the PATH)
	./packaging/appimage/build.sh

installers-test: installers ## install, use and remove them: in a minimal Debian, under wine, from folders with odd names
	./packaging/linux/test-deb.sh
	./packaging/linux/test-rpm.sh
	./packaging/linux/test-tar.sh
	./packaging/appimage/test-appdir.sh
	./packaging/windows/test.sh

installers-reproducible: installers-setup dist/runtime/linux-x64 dist/runtime/win32-x64 dist/tools/nfpm ## build the installers twice and compare them byte by byte
	./packaging/reproducible.sh

check-scripts: scripts-setup bin/picasso bin/picasso-cli dist/runtime/darwin-arm64 ## shellcheck, actionlint, and the layout of the .app
	shellcheck -S warning packaging/*.sh packaging/*/*.sh scripts/*.sh
	go run $(ACTIONLINT) .github/workflows/*.yml
	./packaging/macos/test-layout.sh

installers-setup:
	@./scripts/setup.sh installers

scripts-setup:
	@./scripts/setup.sh scripts

dist/tools/nfpm: Makefile
	GOBIN=$(abspath dist/tools) go install $(NFPM)
	touch $@

dist/runtime/%: Makefile
	./scripts/setup.sh runtime $(subst -,/,$*) $@
	touch $@

# picasso.exe has no console; scripts use picasso-cli.exe.
WINDOWS := CGO_ENABLED=1 GOOS=windows GOARCH=amd64 CC=x86_64-w64-mingw32-gcc
bin/picasso.exe: $(GO_SOURCES) dist/version packaging/windows/resource.sh
	./packaging/windows/resource.sh
	$(WINDOWS) go build -ldflags '-s -w -H windowsgui -X main.version=$(VERSION)' -o $@ .
	rm -f resource_windows_amd64.syso

bin/picasso-cli.exe: $(GO_SOURCES) dist/version
	$(WINDOWS) go build $(LDFLAGS) -tags cli -o $@ .

clean: ## remove everything built here
	rm -rf bin dist

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-23s %s\n", $$1, $$2}'
