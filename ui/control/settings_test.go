package control

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestSettingsSurviveARoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "settings.json")
	s, err := LoadSettings(path)
	if err != nil {
		t.Fatalf("no file yet: %v", err)
	}
	s.Window = Window{Width: 1024, Height: 700, Left: 0.2, Right: 0.7}
	s.Images = []string{"/a b/ü.png"}
	s.setValues("occlusion", map[string]string{"size": "24"})
	s.setDisplay("occlusion", Display{Opacity: 0.4, Sign: "positive", Locked: &Range{0, 1}})
	if err := s.Save(); err != nil {
		t.Fatal(err)
	}
	got, err := LoadSettings(path)
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
	s, err := LoadSettings(path)
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

func TestSettingsKeysAreComplete(t *testing.T) {
	kind := reflect.TypeFor[Settings]()
	for i := range kind.NumField() {
		key, _, _ := strings.Cut(kind.Field(i).Tag.Get("json"), ",")
		if key != "" && !strings.Contains(" "+strings.Join(settingKeys(), " ")+" ", " "+key+" ") {
			t.Errorf("settingKeys lacks %q", key)
		}
	}
}

func TestBrokenSettingsArePutAside(t *testing.T) {
	for _, text := range []string{"", "{", "[1]", `{"window": "wide"}`, "\x00\x01", `{"values": {"occlusion": 7}}`} {
		path := filepath.Join(t.TempDir(), "settings.json")
		write(t, path, text)
		s, err := LoadSettings(path)
		if err == nil || !strings.Contains(err.Error(), "defaults") {
			t.Errorf("%q: error %v does not say what happens", text, err)
		}
		if s == nil || s.Window != (Window{}) || s.Values == nil {
			t.Errorf("%q: not the defaults: %+v", text, s)
		}
		if _, err := os.Stat(path + ".broken"); err != nil {
			t.Errorf("%q: the file was not put aside: %v", text, err)
		}
	}
}

func TestDamagedDisplayIsNotUsed(t *testing.T) {
	s := NewSettings("")
	s.Display["first"] = Display{Opacity: 7}
	p := newPanel(&stepper{id: "first"}, s)
	if p.Display != DefaultDisplay(p.Info) {
		t.Errorf("display %+v", p.Display)
	}
}

func FuzzSettings(f *testing.F) {
	for _, text := range []string{`{}`, `{"values":{"a":{"b":"c"}}}`, `{"display":{"a":{"opacity":null}}}`, `null`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s := NewSettings("")
		if s.decode(data) != nil {
			return
		}
		if _, err := s.encode(); err != nil {
			t.Errorf("what was read cannot be written: %v", err)
		}
		newPanel(&stepper{id: "a"}, s)
	})
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
