package visualizers

import (
	"context"
	"image"
	"strings"
	"testing"
)

// settingCases are what users type and what becomes of it; they are also the
// seeds of the fuzz test.
var settingCases = []struct {
	set  Setting
	text string
	want any    // nil: refused
	says string // in the error
}{
	{anInt, "7", 7, ""},
	{anInt, " 10 ", 10, ""},
	{anInt, "11", nil, "2…10"},
	{anInt, "1.5", nil, "whole number"},
	{anInt, "99999999999999999999", nil, "whole number"},
	{aFloat, "0.25", 0.25, ""},
	{aFloat, "1e-1", 0.1, ""},
	{aFloat, "NaN", nil, "outside"},
	{aFloat, "Inf", nil, "outside"},
	{aFloat, "many", nil, "not a number"},
	{aChoice, "mean", "mean", ""},
	{aChoice, "MEAN", "mean", ""},
	{aChoice, "0.5", "0.50", ""},
	{aChoice, "-1000", "-1000", ""},
	{aChoice, "gray", nil, `did you mean "grey"`},
	{aChoice, "inf", nil, "a number"},
	{aToggle, "on", true, ""},
	{aToggle, "False", false, ""},
	{aToggle, "perhaps", nil, "neither on nor off"},
	{anExtent, "32", Square(32), ""},
	{anExtent, "32 px", Square(32), ""},
	{anExtent, "20%", Span{Length{20, true}, Length{20, true}}, ""},
	{anExtent, "24x16", Span{Length{24, false}, Length{16, false}}, ""},
	{anExtent, "24 × 16", Span{Length{24, false}, Length{16, false}}, ""},
	{anExtent, "10%x8", Span{Length{10, true}, Length{8, false}}, ""},
	{anExtent, "0", nil, "outside 1…"},
	{anExtent, "-3", nil, "outside 1…"},
	{anExtent, "101%", nil, "outside 0…100%"},
	{anExtent, "1.5", nil, "whole number of pixels"},
	{anExtent, "1e9", nil, "outside 1…"},
	{anExtent, "2x3x4", nil, "is not a size"},
	{anExtent, "", nil, "is not a size"},
}

var (
	anInt    = Int{Field: Field{ID: "n", Title: "N", Doc: "a number"}, Min: 2, Max: 10, Step: 1, Default: 4}
	aFloat   = Float{Field: Field{ID: "f", Title: "F", Doc: "a share"}, Min: 0, Max: 1, Step: 0.05, Default: 0.5}
	aChoice  = Choice{Field: Field{ID: "c", Title: "C", Doc: "a word"}, Options: []string{"mean", "grey", "0.50"}, Number: true}
	aToggle  = Toggle{Field: Field{ID: "t", Title: "T", Doc: "a switch"}}
	anExtent = Extent{Field: Field{ID: "e", Title: "E", Doc: "a size"}, Share: 20}
)

func TestSettings(t *testing.T) {
	for _, c := range settingCases {
		got, err := c.set.Parse(c.text)
		switch {
		case c.want == nil && err == nil:
			t.Errorf("%s=%q was accepted as %v", c.set.Key(), c.text, got)
		case c.want == nil && !strings.Contains(err.Error(), c.says):
			t.Errorf("%s=%q: the error %q does not say %q", c.set.Key(), c.text, err, c.says)
		case c.want != nil && (err != nil || got != c.want):
			t.Errorf("%s=%q is %v, %v; want %v", c.set.Key(), c.text, got, err, c.want)
		}
	}
}

// FuzzSettings: whatever is accepted passes Check and is read back from its
// own text; nothing panics.
func FuzzSettings(f *testing.F) {
	for _, c := range settingCases {
		f.Add(c.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, set := range []Setting{anInt, aFloat, aChoice, aToggle, anExtent} {
			v, err := set.Parse(text)
			if err != nil {
				continue
			}
			if err := set.Check(v); err != nil {
				t.Errorf("%s=%q: accepted but %v", set.Key(), text, err)
			}
			if again, err := set.Parse(set.Format(v)); err != nil || again != v {
				t.Errorf("%s=%q: %v is read back as %v, %v", set.Key(), text, v, again, err)
			}
		}
	})
}

func TestSettingsRefuseOtherTypes(t *testing.T) {
	for _, set := range []Setting{anInt, aFloat, aChoice, aToggle, anExtent} {
		for _, v := range []any{nil, int64(3), float32(1), []int{1}} {
			if set.Check(v) == nil {
				t.Errorf("%s accepts %v (%T)", set.Key(), v, v)
			}
		}
	}
}

func TestExtentInPixels(t *testing.T) {
	v := Values{"e": Span{Length{50, true}, Length{3, false}}}
	if got := anExtent.In(v, 101, 40); got != image.Pt(51, 3) {
		t.Errorf("50%%x3 of 101×40 is %v", got)
	}
	if got := anExtent.In(Values{}, 100, 40); got != image.Pt(20, 8) {
		t.Errorf("the default 20%% of 100×40 is %v", got)
	}
	if got := (Length{0.001, true}).Pixels(10); got != 1 {
		t.Errorf("a tiny share is %d pixels, want 1", got)
	}
}

func TestUnknownVisualizersAreAnsweredWithTheNearest(t *testing.T) {
	err := &UnknownError{ID: "oclusion", Known: []string{"occlusion", "saliency"}}
	if !strings.Contains(err.Error(), `did you mean "occlusion"`) {
		t.Errorf("%v", err)
	}
}

func TestRegisterRefusesDuplicates(t *testing.T) {
	defer func(before []Visualizer) { registered = before }(registered)
	defer func() {
		if recover() == nil {
			t.Error("a second visualizer with the same id was accepted")
		}
	}()
	Register(bare{})
	Register(bare{})
}

// flawed is a visualizer with everything wrong.
type flawed struct{ bare }

func (flawed) Info() Info { return Info{ID: "flawed"} }

func (flawed) Settings() []Setting {
	return []Setting{
		Int{Field: Field{ID: "a", Title: "A", Doc: "d"}, Min: 1, Max: 2, Default: 5},
		Toggle{Field: Field{ID: "a", Title: "A", Doc: "d"}},
		Toggle{Field: Field{ID: "b"}},
	}
}

func TestCheckNamesEveryFault(t *testing.T) {
	err := Check([]Visualizer{flawed{}, flawed{}})
	for _, want := range []string{"must be given", "5 is outside 1…2", `"a" occurs twice`, `setting "b": key`, `"flawed" occurs twice`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %q", err, want)
		}
	}
}

func TestAllIsSorted(t *testing.T) {
	all := All()
	for i := 1; i < len(all); i++ {
		a, b := all[i-1].Info(), all[i].Info()
		if compare(a, b) >= 0 {
			t.Errorf("%s (%s, %d) stands before %s (%s, %d)", a.ID, a.Group, a.Order, b.ID, b.Group, b.Order)
		}
	}
}

// bare is a visualizer without settings.
type bare struct{}

func (bare) Info() Info { return Info{ID: "bare"} }

func (bare) Settings() []Setting { return nil }

func (bare) Explain(context.Context, Input, func(Result)) (Result, error) {
	return Result{}, nil
}

// sized is a model of an input's size.
type sized struct {
	Subject
	height, width int
}

func (s sized) Shape() (int, int, int) { return 3, s.height, s.width }

// A size in pixels stays what it is for the model it was chosen for, and the
// same share of the input for any other.
func TestExtentFollowsTheModel(t *testing.T) {
	for _, c := range []struct {
		chosen   Span
		from, to sized
		kept     string
		want     Span
	}{
		{Square(50), sized{height: 224, width: 224}, sized{height: 224, width: 224}, "50 of 224x224", Square(50)},
		{Square(50), sized{height: 224, width: 224}, sized{height: 448, width: 448}, "50 of 224x224", Square(100)},
		{Square(50), sized{height: 224, width: 224}, sized{height: 28, width: 28}, "50 of 224x224", Square(6)}, // 6.25
		{Square(1), sized{height: 224, width: 224}, sized{height: 28, width: 28}, "1 of 224x224", Square(1)},
		{Square(10), sized{height: 100, width: 300}, sized{height: 200, width: 200}, "10 of 300x100", Square(20)}, // of the shorter side: square stays square
		{Span{Length{24, false}, Length{16, false}}, sized{height: 100, width: 100}, sized{height: 50, width: 80}, "24x16 of 100x100", Span{Length{12, false}, Length{8, false}}},
		{Span{Length{20, true}, Length{20, true}}, sized{height: 100, width: 100}, sized{height: 50, width: 80}, "20%", Span{Length{20, true}, Length{20, true}}},
		{Span{Length{20, true}, Length{8, false}}, sized{height: 100, width: 100}, sized{height: 50, width: 50}, "20%x8 of 100x100", Span{Length{20, true}, Length{4, false}}},
	} {
		if kept := anExtent.Keep(c.from, c.chosen); kept != c.kept {
			t.Errorf("%v is kept as %q, want %q", c.chosen, kept, c.kept)
		}
		if got, err := anExtent.Recall(c.to, c.kept); err != nil || got != c.want {
			t.Errorf("%q on %d×%d is %v, %v, want %v", c.kept, c.to.width, c.to.height, got, err, c.want)
		}
	}
	if got, err := anExtent.Recall(nil, "50 of 224x224"); err != nil || got != Square(50) {
		t.Errorf("without a model: %v, %v", got, err)
	}
	for _, text := range []string{"50 of ", "50 of 0x0", "0 of 224x224", "50 of a lot"} {
		if got, err := anExtent.Recall(sized{height: 10, width: 10}, text); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
}

func TestASettingMattersWhereItsConditionHolds(t *testing.T) {
	seed := Int{Field: Field{ID: "seed", Title: "Seed", Doc: "d", Only: When{Key: "c", Is: "grey"}}, Max: 9}
	for beside, want := range map[string]bool{"grey": true, "mean": false} {
		values := Values{"c": beside, "seed": 3}
		if got := seed.Matters(values); got != want {
			t.Errorf("beside %s the seed matters: %t", beside, got)
		}
		if got := len(Mattering([]Setting{aChoice, seed}, values)); got != map[bool]int{true: 2, false: 1}[want] {
			t.Errorf("beside %s %d settings matter", beside, got)
		}
	}
	if only := seed.Spec().Only; only == nil || only.String() != "c=grey" {
		t.Errorf("its description says %v", only)
	}
	if !aChoice.Matters(nil) || aChoice.Spec().Only != nil {
		t.Error("a setting without a condition does not always matter")
	}
}
