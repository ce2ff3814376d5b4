package settings

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"picasso/backend/picture/measure"
	"picasso/ui/drawing"
)

func TestSettingsSurviveARoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "settings.json")
	s, err := Load(path)
	if err != nil {
		t.Fatalf("no file yet: %v", err)
	}
	if s.Welcomed {
		t.Error("nobody was welcomed before the first start")
	}
	s.Window = Window{Width: 1024, Height: 700, Left: 0.2, Right: 0.7}
	s.Images = []string{"/a b/ü.png"}
	s.SetValues("occlusion", map[string]string{"size": "24"})
	s.SetDisplay("occlusion", drawing.Display{Opacity: 0.4, Sign: "positive", Locked: &drawing.Range{Lo: 0, Hi: 1}})
	if err := s.Save(); err != nil {
		t.Fatal(err)
	}
	got, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if got.Window != s.Window || !reflect.DeepEqual(got.Images, s.Images) || !reflect.DeepEqual(got.Values, s.Values) {
		t.Errorf("read back %+v, want %+v", got, s)
	}
	if d := got.Display["occlusion"]; d.Opacity != 0.4 || d.Locked != nil {
		t.Errorf("display %+v", d)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".settings-*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestSettingsKeepUnknownKeys(t *testing.T) {
	path := filepath.Join(t.TempDir(), "settings.json")
	write(t, path, `{"future": {"x": [1, 2]}, "theme": "dark", "recent": ["a"]}`)
	s, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	s.Theme, s.Recent = "", nil
	if err := s.Save(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]any
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	if all["future"] == nil {
		t.Error("a key of another version was lost")
	}
	if all["theme"] != nil || all["recent"] != nil {
		t.Errorf("emptied settings came back: %s", data)
	}
}

// The file of a program before settings had a version.
const oldSettings = `{
	"window": {"width": 1300, "height": 800, "left": 0.18, "right": 0.72},
	"theme": "dark",
	"model": "/m/ü.onnx",
	"recent": ["/m/ü.onnx"],
	"values": {"occlusion": {"size": "24"}, "gone": {"a": "b"}},
	"display": {"occlusion": {"opacity": 0.5, "threshold": 0, "sign": "all", "smooth": true}},
	"provider": "cpu"
}`

func TestOldSettingsAreMigrated(t *testing.T) {
	path := filepath.Join(t.TempDir(), "settings.json")
	write(t, path, oldSettings)
	s, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if s.Version != settingsVersion || !s.Welcomed {
		t.Errorf("version %d, welcomed %v: this is not the first start", s.Version, s.Welcomed)
	}
	if s.Window.Width != 1300 || s.Theme != "dark" || s.Provider != "cpu" ||
		s.Values["occlusion"]["size"] != "24" || s.Values["gone"]["a"] != "b" || s.Display["occlusion"].Opacity != 0.5 {
		t.Errorf("something was lost: %+v", s)
	}
	if err := s.Save(); err != nil {
		t.Fatal(err)
	}
	if again, err := Load(path); err != nil || again.Version != settingsVersion || again.Model != s.Model || !reflect.DeepEqual(again.Values, s.Values) {
		t.Errorf("after saving: %+v, %v", again, err)
	}
}

func TestSettingsOfANewerProgramKeepWhatOnlyItKnows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "settings.json")
	write(t, path, `{
		"version": 7,
		"window": {"width": 1300, "screen": 2},
		"display": {"occlusion": {"opacity": 0.5, "sign": "all", "gamma": 2.2}, "future": {"opacity": 1, "sign": "all", "shape": "round"}},
		"values": {"occlusion": {"size": "24"}}
	}`)
	s, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if s.Welcomed {
		t.Error("a newer program says itself whether it welcomed")
	}
	s.SetDisplay("occlusion", drawing.Display{Opacity: 0.4, Sign: "all"})
	s.SetValues("occlusion", nil)
	if err := s.Save(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var all struct {
		Version int
		Window  map[string]float64
		Display map[string]map[string]any
		Values  map[string]any
	}
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	first := all.Display["occlusion"]
	if all.Version != 7 || all.Window["screen"] != 2 || first["gamma"] != 2.2 || first["opacity"] != 0.4 ||
		all.Display["future"]["shape"] != "round" || len(all.Values) != 0 {
		t.Errorf("written %s", data)
	}
}

func TestBrokenSettingsArePutAside(t *testing.T) {
	for _, text := range []string{"", "{", "[1]", `{"window": "wide"}`, "\x00\x01", `{"values": {"occlusion": 7}}`} {
		path := filepath.Join(t.TempDir(), "settings.json")
		write(t, path, text)
		s, err := Load(path)
		if err == nil || !strings.Contains(err.Error(), "defaults") {
			t.Errorf("%q: error %v does not say what happens", text, err)
		}
		if s == nil || s.Window != (Window{}) || s.Values == nil || !s.Welcomed {
			t.Errorf("%q: not the defaults: %+v", text, s)
		}
		if _, err := os.Stat(path + ".broken"); err != nil {
			t.Errorf("%q: the file was not put aside: %v", text, err)
		}
	}
}

func TestPresetsAreTheUsersOwn(t *testing.T) {
	s := New("")
	if n := len(s.WindowPresets()); n != MostPresets {
		t.Errorf("%d usual windows", n)
	}
	s.SetWindowPresets([]WindowPreset{{"mine", 300, 20}, {"broken", 0, 0}, {"", 5, 5}})
	if got := s.WindowPresets(); len(got) != 1 || got[0].Name != "mine" {
		t.Errorf("%+v", got)
	}
	if s.SetWindowPresets(nil); len(s.WindowPresets()) != MostPresets {
		t.Error("the usual ones do not come back")
	}
}

func FuzzSettings(f *testing.F) {
	for _, text := range []string{`{}`, `{"values":{"a":{"b":"c"}}}`, `{"display":{"a":{"opacity":null}}}`, `null`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s := New("")
		if s.decode(data) != nil {
			return
		}
		own, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		all, err := merged(data, own, data)
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		again := New("")
		if err := again.decode(all); err != nil {
			t.Errorf("what was written cannot be read: %v", err)
		}
	})
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A first start leaves settings from its beginning; later ones change nothing then.
func TestSettingsAreThereFromTheFirstStart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "settings.json")
	s := load(t, path)
	s.Theme = "dark"
	s.Begin()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		if data, err := os.ReadFile(path); err == nil && strings.Contains(string(data), "dark") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("there are no settings")
		}
	}
	again := load(t, path)
	again.Theme = "light"
	again.Begin()
	if err := again.Save(); err != nil {
		t.Fatal(err)
	}
	if got := load(t, path).Theme; got != "light" {
		t.Errorf("the theme is %q", got)
	}
}

// Marks are kept by series, within bounds, the newest longest; what no series can
// have is left out, and all can be forgotten.
func TestMarksOfScans(t *testing.T) {
	path := filepath.Join(t.TempDir(), "settings.json")
	s := load(t, path)
	length := func(n int) Shape {
		return Shape{Slice: Slice{Number: n}, Kind: measure.Length, Points: [][2]float64{{1.25, 2}, {3, 4.125}}}
	}
	s.SetMarks("one", Marks{Keys: []Slice{{0, 3}, {1, 2}}, Shapes: []Shape{length(3)}})
	if err := s.Save(); err != nil {
		t.Fatal(err)
	}
	s = load(t, path)
	if m := s.MarksOf("one"); !reflect.DeepEqual(m.Keys, []Slice{{0, 3}, {1, 2}}) || !reflect.DeepEqual(m.Shapes, []Shape{length(3)}) {
		t.Errorf("%+v", m)
	}
	for i := range mostMarked + 5 {
		s.SetMarks(fmt.Sprint(i), Marks{Keys: []Slice{{0, i}}})
	}
	if len(s.Marks) != mostMarked || len(s.MarksOf("one").Keys) != 0 || len(s.MarksOf(fmt.Sprint(mostMarked+4)).Keys) != 1 {
		t.Errorf("%d series are remembered", len(s.Marks))
	}
	for i := range 10 {
		var many []Shape
		for n := range mostOnScan + 50 {
			many = append(many, length(n))
		}
		s.SetMarks(fmt.Sprint("large ", i), Marks{Shapes: many})
	}
	all := 0
	for _, m := range s.Marks {
		all += len(m.Keys) + len(m.Shapes)
	}
	if all > mostMarks || len(s.MarksOf("large 9").Shapes) != mostOnScan {
		t.Errorf("%d marks are remembered, %d of the newest series", all, len(s.MarksOf("large 9").Shapes))
	}
	if err := s.Save(); err != nil {
		t.Errorf("so many cannot be saved: %v", err)
	}
	s.Marks["bad"] = Marks{Keys: []Slice{{-1, 0}, {0, 1 << 40}}, Shapes: []Shape{
		{Kind: "circle", Points: [][2]float64{{0, 0}, {1, 1}}}, {Kind: measure.Angle, Points: [][2]float64{{0, 0}, {1, 1}}}, {Kind: measure.Length, Points: [][2]float64{{0, 0}, {1e300, 1}}},
	}}
	if m := s.MarksOf("bad"); len(m.Keys)+len(m.Shapes) != 0 {
		t.Errorf("%+v", m)
	}
	s.SetMarks("bad", Marks{})
	if _, there := s.Marks["bad"]; there {
		t.Error("no marks are remembered as something")
	}
	s.ForgetMarks()
	if len(s.Marks) != 0 {
		t.Error("marks are not forgotten")
	}
}
