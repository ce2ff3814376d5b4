package uitest

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"picasso/backend/metadata"
	"picasso/backend/preprocess"
	"picasso/backend/score"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"picasso/backend/picture"
	"picasso/backend/picture/dicom"
	"picasso/ui/control"
	"picasso/visualizers"
)

// Desk is a controller on fakes.
type Desk struct {
	T     testing.TB
	Q     *Queue
	C     *control.Controller
	Model *Shades
	Every *Every
	Dir   string
	Host  *Host
}

// NewDesk makes the fakes, without a controller: a window makes its own.
func NewDesk(t testing.TB) *Desk {
	t.Helper()
	return &Desk{T: t, Q: NewQueue(), Every: &Every{}, Dir: t.TempDir(),
		Model: &Shades{Known: metadata.Card{
			Input:      preprocess.Input{Channels: 3, Height: 16, Width: 16},
			Preprocess: preprocess.Preprocess{Color: preprocess.RGB, Resize: preprocess.Resize{Mode: preprocess.Stretch, Filter: picture.Bilinear}, Scale: [2]float64{1.0 / 255, 0}},
			Output:     score.Output{Kind: score.Classes, Classes: 2, Activation: score.Softmax},
		}}}
}

// NewControl makes the fakes and a controller of them, closed at the end.
func NewControl(t testing.TB) *Desk {
	t.Helper()
	d := NewDesk(t)
	d.C = control.New(control.Params{Open: d.Open, Visualizers: d.Visualizers(), Do: d.Q.Do, Delay: time.Millisecond})
	d.Host = &Host{Window: test.NewTempApp(t).NewWindow(""), Queue: d.Q}
	t.Cleanup(d.C.Close)
	return d
}

// Visualizers are one that serves the model and one that does not.
func (d *Desk) Visualizers() []visualizers.Visualizer {
	return []visualizers.Visualizer{d.Every, Plain{}}
}

// Open opens the fake model, unless the file is called bad.onnx.
func (d *Desk) Open(_ context.Context, path string, opt control.OpenOptions, stage func(string)) (control.Model, error) {
	if filepath.Base(path) == "bad.onnx" {
		return nil, fmt.Errorf("%s is a web page, not a model; download the file itself", path)
	}
	d.Model.opened.Store(&opt.Choices)
	return d.Model, nil
}

// Explained has a model and a grey picture with its map.
func (d *Desk) Explained() {
	d.T.Helper()
	d.C.Drop([]string{d.Write("m.onnx"), d.Picture("a.png", 230)})
	d.Ready(1)
}

// Scanned has a model and a series of three slices, agreed to.
func (d *Desk) Scanned() {
	d.T.Helper()
	d.C.Settings().ResearchUse = true
	d.C.Drop([]string{d.Write("m.onnx"), d.Scan(3)})
	d.Ready(1)
}

// Ready waits until the current tab's map is whole after n runs.
func (d *Desk) Ready(n int) {
	d.T.Helper()
	d.Q.Until(d.T, "a map", func() bool {
		p := d.C.State().Panel()
		return d.Every.Count() >= n && p.Status == control.Ready && !p.Stale
	})
}

// Write makes a file that holds nothing of use.
func (d *Desk) Write(name string) string {
	path := filepath.Join(d.Dir, name)
	if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
		d.T.Fatal(err)
	}
	return path
}

// Picture makes a grey picture of 32×32 pixels.
func (d *Desk) Picture(name string, v uint8) string {
	m := image.NewGray(image.Rect(0, 0, 32, 32))
	for i := range m.Pix {
		m.SetGray(i%32, i/32, color.Gray{Y: v})
	}
	path := filepath.Join(d.Dir, name)
	f, err := os.Create(path)
	if err != nil {
		d.T.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, m); err != nil {
		d.T.Fatal(err)
	}
	return path
}

// Scan makes a series of n slices of 32×32 whose files are named after a
// patient, and returns its folder.
func (d *Desk) Scan(n int) string {
	d.T.Helper()
	folder := filepath.Join(d.Dir, "DOE^JANE")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		d.T.Fatal(err)
	}
	for i := range n {
		s := dicom.Slice{Rows: 32, Columns: 32, Values: make([]int16, 32*32), Spacing: 2, Thickness: 5,
			Position: [3]float64{-31, -31, 5 * float64(i)}, Number: i + 1, Root: "2.25.6", Center: 40, Width: 400}
		for k := range s.Values {
			s.Values[k] = int16(k%32*20 + i)
		}
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("DOE^JANE-%d.dcm", i)), s.Encode(), 0o600); err != nil {
			d.T.Fatal(err)
		}
	}
	return folder
}
