package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"picasso/backend/npy"
	"picasso/backend/score"
	"picasso/ui/control/task"
	"picasso/ui/drawing"
	"picasso/visualizers"
)

// Exported is what an export writes beside the picture.
type Exported struct {
	Model      string             `json:"model"`
	Image      string             `json:"image"`
	Visualizer string             `json:"visualizer"`
	Class      string             `json:"class"`
	Index      int                `json:"index"`
	Against    string             `json:"against,omitempty"` // the class whose score is subtracted
	Score      string             `json:"score"`
	Target     string             `json:"target"`          // what is explained, as a formula
	Value      *float64           `json:"value,omitempty"` // of Target in the picture
	Settings   map[string]string  `json:"settings"`
	Unit       string             `json:"unit"`
	Positive   string             `json:"positive_means"`
	Finding    string             `json:"finding,omitempty"` // what the map says of Target
	Note       string             `json:"note,omitempty"`    // what the run was
	Metrics    map[string]float64 `json:"metrics,omitempty"`
	Width      int                `json:"width"`
	Height     int                `json:"height"`
	Done       float64            `json:"done"`
	Notice     string             `json:"notice,omitempty"`   // what must be said about scans
	Remarks    []string           `json:"remarks,omitempty"`  // what was noticed while reading the picture
	Warnings   []string           `json:"warnings,omitempty"` // what looks wrong with the input, and of the method
}

// ErrNoMap says that there is nothing to save.
var ErrNoMap = errors.New("this tab does not show a map yet; wait for it, or choose a tab that shows maps")

// ErrOldMap says that what is on the screen belongs to other choices.
var ErrOldMap = errors.New("the map on the screen is of an earlier picture, class or setting; wait for the new one, or compute it again")

// Export writes the current map: figure as a PNG to path, the numbers as NPY
// and what they mean as JSON beside it. It works in the background and tells
// when it is done.
func (c *Controller) Export(path string, figure *image.RGBA) {
	p := c.state.Panel()
	if p.Map == nil || p.Result == nil || p.look == nil || c.model == nil {
		c.fail("save the map", ErrNoMap)
		return
	}
	if p.Stale || c.state.Looking {
		c.fail("save the map", ErrOldMap)
		return
	}
	m := *p.Map
	about := Exported{
		Model: c.state.About.Name, Image: p.look.Name, Visualizer: p.Info.ID,
		Class: c.model.ClassName(m.Target.Class), Index: m.Target.Class, Score: m.Target.Score.String(),
		Settings: visualizers.FormatValues(p.Visualizer, p.Values),
		Unit:     m.Unit, Positive: m.Positive, Finding: m.Finding, Note: p.Result.Note, Metrics: m.Metrics,
		Width: m.Width, Height: m.Height, Done: p.Result.Done,
		Notice: drawing.Notice(p.look.Image), Remarks: p.look.Image.Notes, Warnings: slices.Concat(p.look.Doubts, p.Result.Warnings),
	}
	about.Target = m.Target.Symbol(c.model)
	if m.Target.Against != score.NoClass {
		about.Against = c.model.ClassName(m.Target.Against)
	}
	if v, err := m.Target.Value(p.look.Base); err == nil && v-v == 0 {
		about.Value = &v
	}
	stem := strings.TrimSuffix(path, filepath.Ext(path))
	task.Start(c.tasks.New(), func(context.Context, func(func())) (struct{}, error) {
		return struct{}{}, export(stem, figure, m, about)
	}, func(_ struct{}, err error) {
		if err != nil {
			c.fail("save the map", err)
			return
		}
		c.Say(fmt.Sprintf("Saved %s.png; the numbers are in %s.npy, and %s.json describes them.", stem, base(stem), base(stem)))
	})
}

func export(stem string, figure *image.RGBA, m visualizers.Map, about Exported) error {
	err := writeTo(stem+".png", func(f *os.File) error { return drawing.WritePNG(f, figure, about.Notice) })
	if err != nil {
		return err
	}
	if err := writeTo(stem+".npy", func(f *os.File) error { return npy.Write(f, m.Shape(), m.Values) }); err != nil {
		return err
	}
	return writeTo(stem+".json", func(f *os.File) error {
		e := json.NewEncoder(f)
		e.SetIndent("", "  ")
		return e.Encode(about)
	})
}

func writeTo(path string, write func(*os.File) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := errors.Join(write(f), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
