package control

import (
	"encoding/json"
	"testing"

	"picasso/ui/control/settings"
	"picasso/ui/drawing"
)

func TestDamagedDisplayIsNotUsed(t *testing.T) {
	s := settings.New("")
	s.Display["first"] = drawing.Display{Opacity: 7}
	p := newPanel(&stepper{id: "first"}, s)
	if p.Display != drawing.Default(p.Info) {
		t.Errorf("display %+v", p.Display)
	}
}

// A panel takes whatever a settings file holds.
func FuzzPanel(f *testing.F) {
	for _, text := range []string{`{}`, `{"values":{"a":{"steps":"c"}}}`, `{"values":{"a":{"steps":"51"}}}`, `{"display":{"a":{"opacity":null}}}`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s := settings.New("")
		if json.Unmarshal(data, s) != nil {
			return
		}
		p := newPanel(&stepper{id: "a"}, s)
		if err := steps.Check(p.Values["steps"]); err != nil || !p.Display.Valid() {
			t.Errorf("values %v, %v; display %+v", p.Values, err, p.Display)
		}
	})
}
