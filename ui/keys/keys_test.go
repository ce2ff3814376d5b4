package keys

import (
	"testing"

	"fyne.io/fyne/v2"
)

// A workspace's own keys come first, then those over scans, then all others; and
// those of another workspace or of scans never without them.
func TestFindPrefersTheCloserMeaning(t *testing.T) {
	asked := false
	list := []Action{
		{Title: "never", Keys: []Stroke{Char('c')}, When: func() bool { asked = true; return false }},
		{Title: "usual", Keys: []Stroke{Char('x'), Char('c')}},
		{Title: "scan", Keys: []Stroke{Char('c')}, Scan: true},
		{Title: "inside", Keys: []Stroke{Char('c')}, Where: "inside"},
		{Title: "maps", Keys: []Stroke{Char('m')}, Seen: []string{"explain", "compare"}},
		{Title: "second", Keys: []Stroke{Char('c')}},
	}
	for _, tc := range []struct {
		where string
		scan  bool
		want  string
	}{
		{"explain", false, "usual"}, {"explain", true, "scan"}, {"inside", false, "inside"}, {"inside", true, "inside"},
	} {
		if a := Find(list, Char('c'), tc.where, tc.scan); a == nil || a.Title != tc.want {
			t.Errorf("in %s, scan %v: %+v, want %s", tc.where, tc.scan, a, tc.want)
		}
	}
	for where, want := range map[string]string{"explain": "", "compare": "", "inside": "explain"} {
		a, b := Find(list, Char('m'), where, false), Elsewhere(list, Char('m'), where, false)
		if here := want == ""; (a != nil) != here || (b == nil) != here || list[4].Leads(where) != want {
			t.Errorf("in %s: %+v, elsewhere %+v", where, a, b)
		}
	}
	if to := list[3].Leads("explain"); to != "inside" {
		t.Errorf("what is done inside leads to %q", to)
	}
	if !asked {
		t.Error("When was not asked")
	}
	if a := Find(list, Char('y'), "inside", true); a != nil {
		t.Errorf("found %+v for a key of nobody", a)
	}
}

func TestStrokesAreWrittenAsOnKeyboards(t *testing.T) {
	for s, want := range map[Stroke]string{
		Char('g'): "G", Named(fyne.KeyEscape): "Esc", Named(fyne.KeyF5): "F5", Alt(fyne.KeyF): "Alt+F",
	} {
		if s.String() != want {
			t.Errorf("%v, want %s", s, want)
		}
	}
}
