package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"picasso/backend/files"
	"picasso/backend/metadata"
	"picasso/backend/npy"
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
	Score      string             `json:"score"`
	Settings   map[string]string  `json:"settings"`
	Unit       string             `json:"unit"`
	Positive   string             `json:"positive_means"`
	Note       string             `json:"note,omitempty"`
	Metrics    map[string]float64 `json:"metrics,omitempty"`
	Width      int                `json:"width"`
	Height     int                `json:"height"`
	Done       float64            `json:"done"`
	Notice     string             `json:"notice,omitempty"`   // what must be said about scans
	Remarks    []string           `json:"remarks,omitempty"`  // what was noticed while reading the picture
	Warnings   []string           `json:"warnings,omitempty"` // what looks wrong with the input, and of the method
	Doubts     []metadata.Doubt   `json:"doubts,omitempty"`   // what is open about the model's output
}

// ErrNoMap says that there is nothing to save.
var ErrNoMap = errors.New("this tab does not show a map yet; wait for it, or choose a tab that shows maps")

// Export writes the current map: figure as a PNG to path, the numbers as NPY
// and what they mean as JSON beside it. It works in the background and tells
// when it is done.
func (c *Controller) Export(path string, figure *image.RGBA) {
	p := c.state.Panel()
	if p.Map == nil || p.Result == nil || p.look == nil || c.model == nil {
		c.fail("save the map", ErrNoMap)
		return
	}
	m := *p.Map
	about := Exported{
		Model: c.state.About.Name, Image: p.look.Name, Visualizer: p.Info.ID,
		Class: c.model.ClassName(m.Target.Class), Index: m.Target.Class, Score: m.Target.Score.String(),
		Settings: visualizers.FormatValues(p.Visualizer, p.Values),
		Unit:     m.Unit, Positive: m.Positive, Note: p.Result.Note, Metrics: m.Metrics,
		Width: m.Width, Height: m.Height, Done: p.Result.Done,
		Notice: drawing.Notice(p.look.Image), Remarks: p.look.Image.Notes, Warnings: slices.Concat(p.look.Doubts, p.Result.Warnings),
	}
	if card, ok := c.Known(); ok {
		about.Doubts = card.Doubts
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
	err := writeTo(stem+".png", func(f io.Writer) error { return drawing.WritePNG(f, figure, about.Notice) })
	if err != nil {
		return err
	}
	if err := writeTo(stem+".npy", func(f io.Writer) error { return npy.Write(f, m.Shape(), m.Values) }); err != nil {
		return err
	}
	return writeTo(stem+".json", func(f io.Writer) error {
		e := json.NewEncoder(f)
		e.SetIndent("", "  ")
		return e.Encode(about)
	})
}

// writeTo writes one file, whole or not at all.
func writeTo(path string, write func(io.Writer) error) error {
	f, err := files.Create(path, 0o666)
	if err != nil {
		return err
	}
	defer f.Discard()
	if err := write(f); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return f.Commit()
}
