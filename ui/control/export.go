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
	Doubts     []metadata.Doubt   `json:"doubts,omitempty"`   // what is open about the model's output
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
	if card, ok := c.Known(); ok {
		about.Doubts = card.Doubts
	}
	about.Target = m.Target.Symbol(c.model)
	if m.Target.Against != score.NoClass {
		about.Against = c.model.ClassName(m.Target.Against)
	}
	if v, err := m.Target.Value(p.look.Base); err == nil && v-v == 0 {
		about.Value = &v
	}
	read := c.inUse()
	task.Start(c.tasks.New(), func(context.Context, func(func())) (struct{}, error) {
		return struct{}{}, export(ExportFiles(path), read, figure, m, about)
	}, func(_ struct{}, err error) {
		if err != nil {
			c.fail("save the map", err)
			return
		}
		all := ExportFiles(path)
		c.Say(fmt.Sprintf("Saved %s; the numbers are in %s, and %s describes them.", all[0], base(all[1]), base(all[2])))
	})
}

// ExportFiles are what an export to path writes: the picture, the numbers, and
// what they mean.
func ExportFiles(path string) [3]string {
	stem := strings.TrimSuffix(path, filepath.Ext(path))
	return [3]string{stem + ".png", stem + ".npy", stem + ".json"}
}

// inUse are the files that were opened, which no export may overwrite.
func (c *Controller) inUse() []string {
	paths := []string{c.state.About.Path, c.given.Choices.LabelFile, c.given.Sidecar}
	if c.state.About.Path != "" {
		paths = append(paths, metadata.SidecarPath(c.state.About.Path))
	}
	for _, p := range c.state.Images {
		if p.Series == nil {
			paths = append(paths, p.Path)
			continue
		}
		for i := range p.Series.Len() {
			path, _ := p.Series.Path(i)
			paths = append(paths, path)
		}
	}
	return slices.DeleteFunc(paths, func(path string) bool { return path == "" })
}

// export writes a map: picture, numbers, and what they mean.
func export(paths [3]string, read []string, figure *image.RGBA, m visualizers.Map, about Exported) error {
	return publish(paths[:], read, []func(io.Writer) error{
		func(w io.Writer) error { return drawing.WritePNG(w, figure, about.Notice) },
		func(w io.Writer) error { return npy.Write(w, m.Shape(), m.Values) },
		func(w io.Writer) error {
			e := json.NewEncoder(w)
			e.SetIndent("", "  ")
			return e.Encode(about)
		},
	})
}

// publish writes all files beside their places before the first one takes its.
// Files that were read are not replaced.
func publish(paths, read []string, write []func(io.Writer) error) error {
	var clash *files.OverwriteError
	if err := files.Refuse(paths, read); errors.As(err, &clash) {
		return fmt.Errorf("%s is a file that is open here: choose another name", base(clash.Output))
	}
	pending := make([]*files.Pending, len(paths))
	for i, path := range paths {
		p, err := files.Create(path, files.Ordinary)
		if err != nil {
			return err
		}
		defer p.Discard()
		if err := write[i](p); err != nil {
			return err
		}
		pending[i] = p
	}
	for _, p := range pending {
		if err := p.Commit(); err != nil {
			return err
		}
	}
	return nil
}
