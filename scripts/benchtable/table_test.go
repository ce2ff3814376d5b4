package main

import (
	"bytes"
	"io"
	"path"
	"strings"
	"testing"
)

const said = `goos: linux
BenchmarkFirst/net-2     	       1	         0 ns/op	       120 ms-first	         3.5 first/next
BenchmarkFirst/net-2     	       1	         0 ns/op	       100 ms-first	         3.0 first/next
BenchmarkFirst/net-2     	       1	         0 ns/op	       900 ms-first	         9.0 first/next
BenchmarkMap/small/a_b-2 	       1	         0.9 overlap
BenchmarkMap/small/c     	       1	         0.7 overlap
PASS
`

// Figures stand beside their goals: the median of several runs, the worst of several
// benchmarks by its name, and what was not measured says how it can be.
func TestTable(t *testing.T) {
	m := measured{}
	var log bytes.Buffer
	failed, err := m.read(strings.NewReader(said), &log)
	if err != nil || failed {
		t.Fatal(failed, err)
	}
	if log.String() != said {
		t.Errorf("passed on: %q", log.String())
	}
	var out bytes.Buffer
	err = m.write(&out, []row{
		{work: "first", goal: 120, measure: "ms", benchmark: "First/net", unit: "ms-first"},
		{work: "slow", goal: 119, measure: "ms", benchmark: "First/net", unit: "ms-first"},
		{work: "maps", goal: 0.8, least: true, benchmark: "Map/*/*", unit: "overlap"},
		{work: "peer", goal: 1.2, least: true, elsewhere: "make peers"},
		{work: "other", goal: 1, benchmark: "Other", unit: "x"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"work", "goal", "figure"},
		{"first", "≤", "120", "ms", "120", "ms", "reached"},
		{"slow", "≤", "119", "ms", "120", "ms", "missed"},
		{"maps", "≥", "0.8", "0.7", "missed,", "small/c"},
		{"peer", "≥", "1.2", "make", "peers"},
		{"other", "≤", "1", "not", "measured", "BenchmarkOther"},
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(lines) != len(want) {
		t.Fatalf("%s", out.String())
	}
	for i, line := range lines {
		if got := strings.Join(strings.Fields(line), " "); got != strings.Join(want[i], " ") {
			t.Errorf("%q, want %q", got, want[i])
		}
	}
}

// A benchmark that fails is told.
func TestFailuresAreTold(t *testing.T) {
	for text, want := range map[string]bool{
		"--- FAIL: BenchmarkX\nFAIL\n": true, "FAIL\tpicasso/backend [build failed]\n": true, "ok  \tpicasso/backend\t1s\n": false, "": false,
	} {
		if failed, err := (measured{}).read(strings.NewReader(text), io.Discard); err != nil || failed != want {
			t.Errorf("%q: %v, %v", text, failed, err)
		}
	}
}

// Every row can be measured: by a pattern that is one, or by what it names.
func TestRows(t *testing.T) {
	for _, r := range rows {
		_, err := path.Match(r.benchmark, "x")
		if err != nil || (r.benchmark == "") == (r.elsewhere == "") || (r.benchmark == "") != (r.unit == "") || !(r.goal > 0) {
			t.Errorf("%+v: %v", r, err)
		}
	}
}
