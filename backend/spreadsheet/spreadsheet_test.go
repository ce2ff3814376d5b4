package spreadsheet

import (
	"encoding/csv"
	"math"
	"strings"
	"testing"
)

// Names of files and classes come from outside; numbers below zero are ours.
func TestOnlyTextIsGuarded(t *testing.T) {
	var b strings.Builder
	rows := [][]Cell{
		{Text(`=cmd|' /C calc'!A0`), Number(-0.25)},
		{Text("@SUM(1)"), Single(0.1)},
		{Text(" +1"), Whole(-3)},
		{Text("\t=1"), Number(math.NaN())},
		{Text("-x.png"), Number(math.Inf(-1))},
		{Text("a, \"b\"\nc = d"), Number(1e-9)},
		{Text(""), {}},
	}
	if err := Write(&b, []string{"image", "-v"}, rows); err != nil {
		t.Fatal(err)
	}
	got, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"image", "'-v"}, {`'=cmd|' /C calc'!A0`, "-0.25"}, {"'@SUM(1)", "0.1"}, {"' +1", "-3"}, {"'\t=1", ""}, {"'-x.png", "-Inf"},
		{"a, \"b\"\nc = d", "1e-09"}, {"", ""},
	}
	for i, line := range want {
		for j, cell := range line {
			if got[i][j] != cell {
				t.Errorf("line %d, column %d: %q, want %q", i, j, got[i][j], cell)
			}
		}
	}
}

func FuzzTextIsNeverAFormula(f *testing.F) {
	for _, s := range []string{"=1", "+", "-", "@a", "\r=1", "  =1", "'", "plain"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Text(s).text
		if begin := strings.TrimLeft(got, " "); begin != "" && strings.ContainsRune("=+-@\t\r\n", rune(begin[0])) {
			t.Errorf("%q is written as %q", s, got)
		}
		if !strings.HasSuffix(got, s) {
			t.Errorf("%q lost something: %q", s, got)
		}
	})
}
