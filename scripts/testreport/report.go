package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// event is a line of go test -json; see go doc test2json, and go help
// buildjson for those of a build, which have an ImportPath and no Package.
type event struct {
	Action      string
	Package     string
	ImportPath  string
	Test        string
	Output      string
	FailedBuild string
}

// test names one test of one package; a name of "" is the package itself.
type test struct{ pkg, name string }

// report collects what go test says.
type report struct {
	out    io.Writer
	output map[test][]string // of tests that have not ended
	builds map[string][]string
	open   map[string]bool // packages that have not ended
	failed map[string]bool // packages of which a test failed

	passed, failures, skipped int
	reasons                   map[string]int // why tests were skipped, and how many
	broken                    []string       // packages that failed
	packages                  int
}

func newReport(out io.Writer) *report {
	return &report{
		out: out, output: map[test][]string{}, builds: map[string][]string{},
		open: map[string]bool{}, failed: map[string]bool{}, reasons: map[string]int{},
	}
}

// line takes one line of the input; what is no event is printed as it is.
func (r *report) line(text []byte) {
	var e event
	if json.Unmarshal(text, &e) != nil || e.Action == "" {
		fmt.Fprintf(r.out, "%s\n", strings.TrimRight(string(text), "\r\n"))
		return
	}
	switch {
	case e.Package == "":
		r.build(e)
	case e.Test == "":
		r.ofPackage(e)
	default:
		r.ofTest(e)
	}
}

// build keeps what the compiler says until a package needs it: several may
// need the same.
func (r *report) build(e event) {
	if e.Action == "build-output" {
		r.builds[e.ImportPath] = append(r.builds[e.ImportPath], e.Output)
	}
}

func (r *report) ofTest(e event) {
	key := test{e.Package, e.Test}
	switch e.Action {
	case "run":
		r.open[e.Package] = true
		r.output[key] = nil
	case "output":
		if !progress.MatchString(e.Output) {
			r.output[key] = append(r.output[key], e.Output)
		}
	case "pass", "bench":
		r.passed++
		delete(r.output, key)
	case "skip":
		r.skipped++
		r.reasons[reason(r.output[key])]++
		delete(r.output, key)
	case "fail":
		r.failures++
		r.failed[e.Package] = true
		r.print(r.output[key])
		delete(r.output, key)
	}
}

func (r *report) ofPackage(e event) {
	key := test{pkg: e.Package}
	switch e.Action {
	case "start":
		r.open[e.Package] = true
	case "output":
		r.output[key] = append(r.output[key], e.Output)
	case "pass", "skip": // skip: it has no tests
		r.summary(key)
	case "fail":
		r.print(r.builds[e.FailedBuild])
		r.unfinished(e.Package)
		if !r.failed[e.Package] {
			r.failures++ // the build, TestMain, a panic or the time limit
		}
		r.broken = append(r.broken, e.Package)
		// Without tests that failed, what the package says is the reason.
		r.print(r.output[key])
		r.closed(key)
	}
}

// summary prints the line of a package that passed or has no tests.
func (r *report) summary(key test) {
	for _, text := range r.output[key] {
		if packageLine.MatchString(text) {
			fmt.Fprint(r.out, text)
		}
	}
	r.closed(key)
}

func (r *report) closed(key test) {
	r.packages++
	delete(r.output, key)
	delete(r.open, key.pkg)
}

// unfinished prints what tests said that never ended: the program crashed or
// ran out of time in one of them.
func (r *report) unfinished(pkg string) {
	keys := slices.SortedFunc(maps.Keys(r.output), func(a, b test) int { return cmp.Compare(a.name, b.name) })
	for _, key := range keys {
		if key.pkg != pkg || key.name == "" {
			continue
		}
		fmt.Fprintf(r.out, "--- did not end: %s\n", key.name)
		r.print(r.output[key])
		r.failures++
		r.failed[pkg] = true
		delete(r.output, key)
	}
}

func (r *report) print(lines []string) {
	for _, line := range lines {
		fmt.Fprint(r.out, line)
	}
}

// end prints the totals. The error says why the tests did not pass.
func (r *report) end() error {
	for _, pkg := range slices.Sorted(maps.Keys(r.open)) {
		r.unfinished(pkg)
		r.print(r.output[test{pkg: pkg}])
		fmt.Fprintf(r.out, "FAIL\t%s [did not end]\n", pkg)
		if !r.failed[pkg] {
			r.failures++
		}
		r.broken = append(r.broken, pkg)
	}
	fmt.Fprintln(r.out)
	if len(r.reasons) > 0 {
		fmt.Fprintln(r.out, "Skipped:")
		most := func(a, b string) int { return cmp.Or(r.reasons[b]-r.reasons[a], strings.Compare(a, b)) }
		for _, why := range slices.SortedFunc(maps.Keys(r.reasons), most) {
			fmt.Fprintf(r.out, "%5d  %s\n", r.reasons[why], why)
		}
	}
	if len(r.broken) > 0 {
		fmt.Fprintf(r.out, "Failed: %s\n", strings.Join(r.broken, ", "))
	}
	fmt.Fprintf(r.out, "%d passed, %d failed, %d skipped\n", r.passed, r.failures, r.skipped)
	switch {
	case r.failures > 0:
		return errors.New("tests failed")
	case r.packages == 0:
		return errors.New("go test reported nothing")
	}
	return nil
}

var (
	// progress are the lines by which a test says that it starts or pauses.
	progress = regexp.MustCompile(`^=== (RUN|PAUSE|CONT|NAME)\b`)
	// packageLine is the one line of a package: with its time, or without tests.
	packageLine = regexp.MustCompile(`^(ok  \t|\?   \t|FAIL\t|\t\S+\t\tcoverage:)`)
	// logged starts a line that a test logged: its file and line.
	logged = regexp.MustCompile(`^\s+\S+\.go:\d+: `)
	// verdict is the line by which a test says how it ended.
	verdict = regexp.MustCompile(`^\s*--- SKIP: `)
)

// reason finds why a test was skipped: the last text it logged.
func reason(lines []string) string {
	var why []string
	for _, line := range lines {
		switch {
		case verdict.MatchString(line):
		case logged.MatchString(line):
			why = []string{strings.TrimSpace(logged.ReplaceAllString(line, ""))}
		case len(why) > 0:
			why = append(why, strings.TrimSpace(line))
		}
	}
	if text := strings.TrimSpace(strings.Join(why, " ")); text != "" {
		return text
	}
	return "no reason given"
}
