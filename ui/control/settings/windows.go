package settings

import (
	"math"

	"picasso/backend/picture/dicom"
)

// WindowPreset is a window that the user keeps, in Hounsfield units.
type WindowPreset struct {
	Name  string  `json:"name"`
	Width float64 `json:"width"`
	Level float64 `json:"level"`
}

// MostPresets is how many windows have a key: 2…9.
const MostPresets = 8

// Window is the preset as scans are shown.
func (p WindowPreset) Window() dicom.Window {
	return dicom.Window{Name: p.Name, Center: p.Level, Width: p.Width}
}

// WindowPresets are the windows for CT: the user's own, else the usual ones.
func (s *Settings) WindowPresets() []WindowPreset {
	if len(s.Windows) > 0 {
		return s.Windows[:min(len(s.Windows), MostPresets)]
	}
	var out []WindowPreset
	for _, w := range dicom.Presets() {
		out = append(out, WindowPreset{w.Name, w.Width, w.Center})
	}
	return out[:min(len(out), MostPresets)]
}

// SetWindowPresets keeps a list of windows; an empty one brings the usual ones
// back. Those that make no sense are left out.
func (s *Settings) SetWindowPresets(list []WindowPreset) {
	s.Windows = nil
	for _, w := range list {
		if w.Width >= 1 && w.Width < 1e6 && math.Abs(w.Level) < 1e6 && w.Name != "" {
			s.Windows = append(s.Windows, w)
		}
	}
}
