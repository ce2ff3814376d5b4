package main

import (
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

// measured are figures by benchmark and unit, one for each time it ran.
type measured map[figure][]float64

type figure struct{ benchmark, unit string }

// processors is what Go adds to the name of a benchmark.
var processors = regexp.MustCompile(`-\d+$`)

// line takes in one line of go test, and tells whether it says that something failed.
func (m measured) line(text string) (failed bool) {
	fields := strings.Fields(text)
	if len(fields) == 0 {
		return false
	}
	name, is := strings.CutPrefix(fields[0], "Benchmark")
	if !is {
		return fields[0] == "FAIL" || fields[0] == "---" && len(fields) > 1 && fields[1] == "FAIL:"
	}
	name = processors.ReplaceAllString(name, "")
	for i := 2; i+1 < len(fields); i += 2 {
		if v, err := strconv.ParseFloat(fields[i], 64); err == nil {
			key := figure{name, fields[i+1]}
			m[key] = append(m[key], v)
		}
	}
	return false
}

// of is the median of a row's figures. Where several benchmarks fit its pattern, the one
// that is farthest from the goal counts, and is named.
func (m measured) of(r row) (value float64, name string, some bool) {
	for key, list := range m {
		if fits, err := path.Match(r.benchmark, key.benchmark); err != nil || !fits || key.unit != r.unit {
			continue
		}
		list = slices.Sorted(slices.Values(list))
		v := list[len(list)/2]
		if !some || r.least && v < value || !r.least && v > value || v == value && key.benchmark < name {
			value, name, some = v, key.benchmark, true
		}
	}
	return value, name, some
}

// write prints the table.
func (m measured) write(out io.Writer, rows []row) error {
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "work\tgoal\tfigure\t")
	for _, r := range rows {
		value, name, some := m.of(r)
		switch {
		case r.elsewhere != "":
			fmt.Fprintf(w, "%s\t%s\t\t%s\n", r.work, r.wanted(), r.elsewhere)
			continue
		case !some:
			fmt.Fprintf(w, "%s\t%s\tnot measured\tBenchmark%s\n", r.work, r.wanted(), r.benchmark)
			continue
		}
		note := "reached"
		if !r.reached(value) {
			note = "missed"
		}
		if strings.ContainsAny(r.benchmark, "*?[") {
			note += ", " + name[strings.IndexByte(name, '/')+1:]
		}
		fmt.Fprintf(w, "%s\t%s\t%.3g %s\t%s\n", r.work, r.wanted(), value, r.measure, note)
	}
	return w.Flush()
}
