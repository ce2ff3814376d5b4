package dicom

import (
	"fmt"
	"strconv"
	"strings"
)

// Presets are the usual windows for CT, in Hounsfield units. Institutions
// differ; they are a place to begin.
func Presets() []Window {
	return []Window{
		{Name: "soft tissue", Center: 40, Width: 400},
		{Name: "lung", Center: -600, Width: 1500},
		{Name: "bone", Center: 400, Width: 2000},
		{Name: "brain", Center: 40, Width: 80},
		{Name: "subdural", Center: 75, Width: 200},
		{Name: "stroke", Center: 40, Width: 40},
		{Name: "mediastinum", Center: 50, Width: 350},
		{Name: "liver", Center: 90, Width: 150},
	}
}

// ParseWindow reads a window as people write it: width and level, "400,40", or
// the name of one of the presets.
func ParseWindow(text string) (Window, error) {
	text = strings.TrimSpace(text)
	for _, p := range Presets() {
		if strings.EqualFold(p.Name, text) {
			return p, nil
		}
	}
	width, level, ok := strings.Cut(text, ",")
	w := Window{Name: text}
	var err1, err2 error
	w.Width, err1 = strconv.ParseFloat(strings.TrimSpace(width), 64)
	w.Center, err2 = strconv.ParseFloat(strings.TrimSpace(level), 64)
	if !ok || err1 != nil || err2 != nil || !w.valid() {
		var names []string
		for _, p := range Presets() {
			names = append(names, p.Name)
		}
		return Window{}, fmt.Errorf("%q is no window; write width and level, 400,40, or one of %s", text, strings.Join(names, ", "))
	}
	return w, nil
}
