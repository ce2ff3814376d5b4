# Picasso. Two commands do everything on a fresh machine:
#
#   make run     opens the program on an embedded sample
#   make test    passes the tests
#
# Both first set up what is missing (see scripts/setup.sh); nothing is
# installed, and no root needed, when everything is there already.

# What is pinned outside go.mod. The checksum is that of the whole package and
# covers the libraries inside it.
export ORT_VERSION     := 1.24.3
export ORT_PACKAGE     := onnxruntime-node@$(ORT_VERSION)
export ORT_SHA256      := aa1bb5fa261ea68de05dd53efbba210cd7adf2d2850f4c3a201054c74cc78040
STATICCHECK            := honnef.co/go/tools/cmd/staticcheck@v0.8.2
NFPM                   := github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.43.4
ACTIONLINT             := github.com/rhysd/actionlint/cmd/actionlint@v1.7.7
export DIRECTML_VERSION := 1.15.4

# One version number for everything, from git.
export VERSION := $(shell ./scripts/version.sh)

# One set of flags for every build: another set would compile the toolkit anew
# for minutes.
export GOFLAGS := $(filter-out -trimpath,$(GOFLAGS)) -trimpath
LDFLAGS := -ldflags '-s -w -X main.version=$(VERSION)'

GO_SOURCES := $(shell git ls-files -co --exclude-standard '*.go' 'assets/**' go.mod go.sum 2>/dev/null)
PURE       := ./assets/... ./backend/... ./visualizers/... ./ui/control/... ./ui/cli/... ./ui/instance ./ui/locale ./packaging/...

.DEFAULT_GOAL := help
.PHONY: run test test-onnx build check race bench smoke fuzz setup samples clean help

run: setup bin/picasso ## open the program on the embedded sample
	./bin/picasso

test: setup smoke-setup ## set up, then run every test, real window included
	go test -timeout 20m ./...

build: setup bin/picasso bin/picasso-cli ## make bin/picasso and the windowless bin/picasso-cli

bin/picasso: $(GO_SOURCES) dist/version
	go build $(LDFLAGS) -o $@ .

# A new commit is a new version, whatever it changed.
dist/version: FORCE
	@mkdir -p dist && echo '$(VERSION)' | cmp -s - $@ || echo '$(VERSION)' > $@
FORCE:

# The tag leaves the window out: no X, GL or GTK is linked.
bin/picasso-cli: $(GO_SOURCES) dist/version
	go build $(LDFLAGS) -tags cli -o $@ .

check: setup ## vet, staticcheck, formatting, directions of imports
	@test -z "$$(gofmt -l .)" || { echo "run gofmt on:"; gofmt -l .; exit 1; }
	go vet ./...
	go run $(STATICCHECK) ./...
	go test -run 'TestImports' .
	CGO_ENABLED=0 go vet $(PURE)

race: setup ## the tests again under the race detector (toolkit compiled anew once)
	go test -race -timeout 30m $(PURE) ./ui

bench: setup ## the ratios of docs/performance.md, its first table as one
	go test -run '^$$' -bench '^BenchmarkWays$$' -benchtime 1x -timeout 60m ./visualizers | ./scripts/ways-table.sh
	go test -run '^$$' -bench . -skip '^BenchmarkWays$$' -benchtime 1x -count 3 $(PURE)

# ONNX's own backend tests, where Debian's libonnx-testdata puts them.
ONNX_TESTS ?= /usr/share/libonnx-testdata/data
test-onnx: setup ## ONNX's backend tests (package libonnx-testdata) through the gradients
	PICASSO_ONNX_TESTS=$(ONNX_TESTS) go test -count=1 -timeout 30m -v -run '^TestONNXBackend$$' ./backend/onnx/gradient

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

# --- Installers (docs/packaging.md) -----------------------------------------

# The commit's own time makes two builds of a commit the same bytes.
export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 0)

.PHONY: installers installers-linux installers-windows installer-macos installer-appimage installers-test installers-reproducible check-scripts installers-setup

installers: installers-linux installers-windows ## .deb, .rpm, .tar.xz, Windows setup and .zip in dist/
	cd dist && sha256sum picasso?$(VERSION)* > SHA256SUMS

DEB   := dist/picasso_$(VERSION)_amd64.deb
SETUP := dist/picasso-$(VERSION)-windows-x64-setup.exe
installers-linux: installers-setup $(DEB)
installers-windows: installers-setup $(SETUP)

$(DEB): bin/picasso bin/picasso-cli dist/runtime/linux-x64 dist/tools/nfpm $(wildcard packaging/linux/* packaging/licenses/*)
	./packaging/linux/build.sh

$(SETUP): bin/picasso.exe bin/picasso-cli.exe dist/runtime/win32-x64 $(wildcard packaging/windows/* packaging/licenses/*)
	./packaging/windows/build.sh

installer-macos: bin/picasso bin/picasso-cli dist/runtime/darwin-arm64 ## .app and .dmg, on a Mac
	./packaging/macos/build.sh

installer-appimage: bin/picasso bin/picasso-cli dist/runtime/linux-x64 ## .AppImage, with appimagetool in the PATH
	./packaging/appimage/build.sh

installers-test: installers ## install, use and remove them: in a bare Debian, under wine, from odd folders
	./packaging/linux/test-deb.sh
	./packaging/linux/test-rpm.sh
	./packaging/linux/test-tar.sh
	./packaging/appimage/test-appdir.sh
	./packaging/windows/test.sh

installers-reproducible: installers-setup dist/runtime/linux-x64 dist/runtime/win32-x64 dist/tools/nfpm ## build the commit's installers twice: the same bytes
	./packaging/reproducible.sh

check-scripts: bin/picasso bin/picasso-cli dist/runtime/darwin-arm64 ## shellcheck on scripts, actionlint on workflows, the layout of the .app with stand-ins for a Mac's tools
	shellcheck -S warning packaging/*.sh packaging/*/*.sh scripts/*.sh
	go run $(ACTIONLINT) .github/workflows/*.yml
	./packaging/macos/test-layout.sh

installers-setup:
	@./scripts/setup.sh installers

dist/tools/nfpm: Makefile
	GOBIN=$(abspath dist/tools) go install $(NFPM)
	touch $@

dist/runtime/%: Makefile
	./scripts/setup.sh runtime $(subst -,/,$*) $@
	touch $@

# The window's edition has no console; scripts use the other one.
WINDOWS := CGO_ENABLED=1 GOOS=windows GOARCH=amd64 CC=x86_64-w64-mingw32-gcc
bin/picasso.exe: $(GO_SOURCES) dist/version packaging/windows/resource.sh
	./packaging/windows/resource.sh
	$(WINDOWS) go build -ldflags '-s -w -H windowsgui -X main.version=$(VERSION)' -o $@ .
	rm -f resource_windows_amd64.syso

bin/picasso-cli.exe: $(GO_SOURCES) dist/version
	$(WINDOWS) go build $(LDFLAGS) -tags cli -o $@ .

clean: ## remove what was built here
	rm -rf bin dist

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-18s %s\n", $$1, $$2}'
