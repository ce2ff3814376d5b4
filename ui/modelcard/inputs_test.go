package modelcard

import (
	"path/filepath"
	"picasso/backend/metadata"
	"slices"
	"strconv"
	"testing"

	"fyne.io/fyne/v2/test"

	"picasso/ui/widgets"
)

func TestConstantsOfInputs(t *testing.T) {
	test.NewTempApp(t)
	needs := []metadata.InputNeed{
		{Name: "image", Form: "float32 1×3×8×8", Image: true, Picture: true},
		{Name: "other", Form: "float32 1×3×8×8", Image: true, Picture: true},
		{Name: "mask.1", Form: "bool 1", Value: "true"},
	}
	file := filepath.Join(t.TempDir(), "second one.png")
	f := NewInputs(needs, true, func(q widgets.Question, use func(string)) {
		if !slices.Contains(q.Extensions, "png") || !slices.Contains(q.Extensions, "npy") {
			t.Errorf("asks for %q", q.Extensions)
		}
		use(file)
	})
	if got := f.picture.Options; !slices.Equal(got, []string{"image", "other"}) {
		t.Errorf("the picture may go into %q", got)
	}
	says := func(input string, want map[string]string) {
		t.Helper()
		c, err := f.Choices("/models")
		if err != nil || c.Input != input || len(c.Inputs) != len(want) {
			t.Fatalf("says %+v, %v", c, err)
		}
		for name, value := range want {
			if got := string(c.Inputs[name].Value.Raw); got != value {
				t.Errorf("%s gets %s, want %s", name, got, value)
			}
		}
	}
	f.entries[1].SetText("second.npy")
	says("image", map[string]string{"mask.1": "true", "other": `"/models/second.npy"`})
	f.choose[1].OnTapped()
	says("image", map[string]string{"mask.1": "true", "other": strconv.Quote(file)})
	if f.choose[2] != nil || !f.choose[0].Disabled() || f.choose[1].Disabled() {
		t.Error("pictures can be chosen for other inputs than those that take one")
	}
	f.picture.SetSelected("other")
	f.entries[0].SetText("[1, 2]")
	says("other", map[string]string{"image": "[1, 2]", "mask.1": "true"})
}

// Of a model that is open only what was changed is said.
func TestConstantsThatWereChanged(t *testing.T) {
	test.NewTempApp(t)
	f := NewInputs([]metadata.InputNeed{{Name: "age", Value: "54"}, {Name: "mask", Value: `"mask.png"`}, {Name: "sex", Value: "1"}}, false, nil)
	f.entries[0].SetText("60")
	f.entries[2].SetText("")
	c, err := f.Choices("/models")
	if err != nil || len(c.Inputs) != 2 || string(c.Inputs["age"].Value.Raw) != "60" || c.Inputs["sex"].Value != nil {
		t.Errorf("says %+v, %v", c.Inputs, err)
	}
}
