package control

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"image"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/disintegration/imaging"

	"picasso/backend/picture/dicom"
	"picasso/backend/picture/measure"
	"picasso/ui/control/history"
	"picasso/ui/control/task"
	"picasso/ui/drawing"
	"picasso/visualizers/render"
)

// KeySlices are the marked slices of the volume that is shown, in their order.
func (c *Controller) KeySlices() []int {
	p := c.state.Selected()
	if p == nil {
		return nil
	}
	var list []int
	for at := range p.keys {
		if at.volume == p.Volume {
			list = append(list, at.slice)
		}
	}
	slices.Sort(list)
	return list
}

// IsKey reports whether a slice of the volume that is shown is marked.
func (c *Controller) IsKey(slice int) bool {
	p := c.state.Selected()
	return p != nil && p.keys[spot{p.Volume, slice}]
}

// ToggleKey marks the slice that is shown as a key slice, or takes its mark away.
// It reports whether it is marked then; ok is false where nothing is shown.
func (c *Controller) ToggleKey() (marked, ok bool) {
	p := c.state.Selected()
	if p == nil || p.Series == nil {
		return false, false
	}
	at := p.spot()
	put := func(on bool) {
		if p.keys == nil {
			p.keys = map[spot]bool{}
		}
		if p.keys[at] = on; !on {
			delete(p.keys, at)
		}
		c.keepMarks(p)
		c.changed(KeysChanged)
	}
	on := !p.keys[at]
	put(on)
	name := fmt.Sprintf("Mark slice %d", at.slice+1)
	if !on {
		name = fmt.Sprintf("Remove the mark of slice %d", at.slice+1)
	}
	c.record(history.Step{Name: name, Undo: func() error { put(!on); return nil }, Redo: func() error { put(on); return nil }})
	return on, true
}

// StepKey goes to the next key slice, or the one before for −1. It reports
// whether there is one.
func (c *Controller) StepKey(n int) bool {
	keys, p := c.KeySlices(), c.state.Selected()
	if n < 0 {
		slices.Reverse(keys)
	}
	for _, i := range keys {
		if (i-p.Slice)*n > 0 {
			c.SelectSlice(i)
			return true
		}
	}
	return false
}

// Montage shows slices of a series beside each other.
type Montage struct {
	Picture *Picture
	Keys    bool // key slices only
	Slices  []int

	tiles  map[int]*image.RGBA
	order  []int // of tiles, the oldest first
	failed map[int]bool
	wanted []int // the latest last
	volume int
}

// Bounds of the tiles that are kept, and of those asked for.
const (
	mostTiles  = 200 // 196 KiB each at most
	mostWanted = 80
)

// OpenMontage shows the slices of the current series, or its key slices, beside
// each other.
func (c *Controller) OpenMontage(keys bool) {
	p := c.state.Selected()
	if p == nil || p.Slices() < 2 {
		c.fail("show the slices beside each other", errors.New("this picture has only one slice; open a series"))
		return
	}
	m := &Montage{Picture: p, Keys: keys, volume: p.Volume, tiles: map[int]*image.RGBA{}, failed: map[int]bool{}}
	if old := c.state.Montage; old != nil && old.Picture == p && old.volume == p.Volume {
		m.tiles, m.order, m.failed = old.tiles, old.order, old.failed
	}
	m.Slices = c.KeySlices()
	if !keys {
		m.Slices = make([]int, p.Slices())
		for i := range m.Slices {
			m.Slices[i] = i
		}
	}
	c.state.Montage = m
	c.changed(MontageChanged)
}

// CloseMontage goes back to the picture.
func (c *Controller) CloseMontage() {
	if c.state.Montage != nil {
		c.tiling.Stop()
		c.state.Montage = nil
		c.changed(MontageChanged)
	}
}

// closeOtherMontage closes the montage of what is not shown any more.
func (c *Controller) closeOtherMontage() {
	if m, p := c.state.Montage, c.state.Selected(); m != nil && (p != m.Picture || p.Volume != m.volume) {
		c.CloseMontage()
	}
}

// Tile is a slice of the montage, nil while it is not there; asking for it makes
// it.
func (c *Controller) Tile(slice int) *image.RGBA {
	m := c.state.Montage
	if m == nil {
		return nil
	}
	if t := m.tiles[slice]; t != nil || m.failed[slice] {
		return t
	}
	if !slices.Contains(m.wanted, slice) {
		m.wanted = append(m.wanted, slice)
		m.wanted = m.wanted[max(0, len(m.wanted)-mostWanted):]
	}
	c.makeTiles()
	return nil
}

// makeTiles makes the tiles that are wanted, one after the other.
func (c *Controller) makeTiles() {
	m := c.state.Montage
	if m == nil || len(m.wanted) == 0 || c.tiling.Running() {
		return
	}
	i := m.wanted[0]
	m.wanted = m.wanted[1:]
	sh, how, h := m.Picture.shot(i), m.Picture.viewing, c.model
	task.Start(c.tiling, using(h, func(ctx context.Context, _ func(func())) (*image.RGBA, error) {
		shown, k, err := developed(sh, how, h)
		if err != nil {
			return nil, err
		}
		return tile(shown, k.tall()), nil
	}), func(t *image.RGBA, err error) {
		if c.state.Montage == m {
			if err != nil {
				m.failed[i] = true
			} else {
				m.keep(i, t)
			}
			c.changed(MontageChanged)
		}
		c.makeTiles()
	})
}

// tileSide is the longer side of a tile in pixels.
const tileSide = 224

// tile shrinks a slice, whose pixels are as much higher than wide as tall says.
func tile(m *image.RGBA, tall float64) *image.RGBA {
	w, h := float64(m.Rect.Dx()), float64(m.Rect.Dy())*tall
	s := tileSide / max(w, h, 1)
	how := imaging.Box
	if s > 1 {
		how = imaging.NearestNeighbor // enlarged pixels stay pixels
	}
	small := imaging.Resize(m, max(1, int(w*s+0.5)), max(1, int(h*s+0.5)), how)
	return &image.RGBA{Pix: small.Pix, Stride: small.Stride, Rect: small.Rect} // pictures are opaque
}

// tall is how much higher than wide the pixels of the picture are.
func (k *Look) tall() float64 {
	if s := k.Image.Scan; s != nil && s.Geometry.Aspect > 0.01 && s.Geometry.Aspect < 100 {
		return s.Geometry.Aspect
	}
	return 1
}

// keep bounds the tiles in memory.
func (m *Montage) keep(i int, t *image.RGBA) {
	m.tiles[i] = t
	if m.order = append(m.order, i); len(m.order) > mostTiles {
		delete(m.tiles, m.order[0])
		m.order = m.order[1:]
	}
}

// staleTiles drops the tiles, which were made through another window.
func (c *Controller) staleTiles() {
	if m := c.state.Montage; m != nil {
		c.tiling.Stop()
		clear(m.tiles)
		m.order, m.wanted = nil, nil
		c.changed(MontageChanged)
	}
}

// developed is a slice as it is shown.
func developed(sh shot, how *Viewing, h *held) (shown *image.RGBA, k *Look, err error) {
	defer task.Recover(&err)
	m, err := sh.open()
	if err != nil {
		return nil, nil, err
	}
	m = oriented(h, m)
	k = &Look{Image: m}
	if how == nil || m.Scan == nil || m.Channels != 1 {
		return m.RGBA(), k, nil
	}
	return m.Through(how.Window, how.Inverted), k, nil
}

// keyJob is a key slice to be exported.
type keyJob struct {
	shot     shot
	shapes   []drawnShape
	answered Answered
}

// keySheetTile is the side of a slice on the sheet of key slices, in pixels.
const keySheetTile = 320

// mostOnSheet bounds the slices on the sheet; all others have their own files.
const mostOnSheet = 64

// KeyFiles are what exporting the key slices to path writes: the sheet, the
// table, and a picture for each.
func (c *Controller) KeyFiles(path string) []string {
	stem := strings.TrimSuffix(path, filepath.Ext(path))
	out := []string{stem + ".png", stem + ".csv"}
	for _, i := range c.KeySlices() {
		out = append(out, fmt.Sprintf("%s-slice-%03d.png", stem, i+1))
	}
	return out
}

// ExportKeySlices writes the key slices as they are shown, with what was measured
// on them: each as a PNG, all of them on one sheet, and a table of their places,
// scores and measurements as CSV. It works in the background and tells when it is
// done.
func (c *Controller) ExportKeySlices(path string) {
	p, keys := c.state.Selected(), c.KeySlices()
	if len(keys) == 0 {
		c.fail("save the key slices", errors.New("no slice is marked; go to one and mark it first"))
		return
	}
	var jobs []keyJob
	for _, i := range keys {
		jobs = append(jobs, keyJob{p.shot(i), p.shapes[spot{p.Volume, i}], p.Answers[i]})
	}
	var names []string
	if c.model != nil {
		for i := range c.model.Classes() {
			names = append(names, c.model.ClassName(i))
		}
	}
	files, read, how, h := c.KeyFiles(path), c.inUse(), p.viewing, c.model
	task.Start(c.tasks.New(), using(h, func(ctx context.Context, _ func(func())) (struct{}, error) {
		return struct{}{}, exportKeys(ctx, files, read, jobs, names, how, h)
	}), func(_ struct{}, err error) {
		if err != nil {
			c.fail("save the key slices", err)
			return
		}
		c.Say(fmt.Sprintf("Saved %d key slices: %s shows them all, %s lists them, and each has a file of its own beside them.", len(keys), files[0], base(files[1])))
	})
}

// exportKeys draws and writes key slices.
func exportKeys(ctx context.Context, paths, read []string, jobs []keyJob, names []string, how *Viewing, h *held) error {
	lines := [][]string{{"slice", "position_mm", "window_level", "best_class", "score", "measurement", "value", "unit", "mean", "sd", "min", "max", "pixels", "value_unit", "notice"}}
	var write []func(io.Writer) error
	var row []render.SheetCell
	var rows [][]render.SheetCell
	for i, job := range jobs {
		if err := ctx.Err(); err != nil {
			return err
		}
		shown, k, err := developed(job.shot, how, h)
		if err != nil {
			return fmt.Errorf("read %s: %w", job.shot.name, err)
		}
		marked, err := readings(ctx, k, job.shapes)
		if err != nil {
			return err
		}
		var list []drawing.Measurement
		for _, m := range marked {
			list = append(list, drawing.MeasurementOf(m.Shape, m.Reading))
		}
		drawn, err := drawing.WithMeasures(shown, k.tall(), list)
		if err != nil {
			return err
		}
		notice := drawing.Notice(k.Image)
		drawing.Mark(drawn, notice)
		write = append(write, func(w io.Writer) error { return drawing.WritePNG(w, drawn, notice) })
		lines = append(lines, keyLines(job, k, marked, names, how)...)
		if i < mostOnSheet {
			if row = append(row, render.SheetCell{Image: drawn, Label: fmt.Sprintf("slice %d", job.shot.frame.slice+1)}); len(row) == 4 {
				rows, row = append(rows, row), nil
			}
		}
	}
	if len(row) > 0 {
		rows = append(rows, row)
	}
	caption := render.Caption{Title: "Key slices", Note: drawing.ResearchUse}
	if len(jobs) > mostOnSheet {
		caption.Title = fmt.Sprintf("The first %d of %d key slices", mostOnSheet, len(jobs))
	}
	sheet, err := render.Sheet(rows, keySheetTile, render.Scale{}, caption)
	if err != nil {
		return err
	}
	return publish(paths, read, append([]func(io.Writer) error{
		func(w io.Writer) error { return drawing.WritePNG(w, sheet, drawing.ResearchUse) },
		func(w io.Writer) error { return csv.NewWriter(w).WriteAll(lines) },
	}, write...))
}

// readings measures shapes on a slice.
func readings(ctx context.Context, k *Look, shapes []drawnShape) ([]Measure, error) {
	var out []Measure
	for _, d := range shapes {
		r := measure.Geometry(d.shape, measure.ScaleOf(k.Image))
		r.Unit = k.Image.Unit
		var err error
		if r.Values, err = measure.Count(ctx, k.Image, d.shape); err != nil {
			return nil, err
		}
		out = append(out, Measure{ID: d.id, Shape: d.shape, Reading: r})
	}
	return out, nil
}

// keyLines is a key slice in the table: a line for each measurement, at least
// one.
func keyLines(job keyJob, k *Look, marked []Measure, names []string, how *Viewing) [][]string {
	number := func(v float64) string {
		if v-v != 0 {
			return ""
		}
		return strconv.FormatFloat(v, 'f', -1, 32)
	}
	first := []string{strconv.Itoa(job.shot.frame.slice + 1), "", "", "", ""}
	if s := k.Image.Scan; s != nil {
		if s.Geometry.Placed {
			first[1] = number(s.Geometry.Depth())
		}
		if k.Image.Channels == 1 {
			window := s.Window
			if how != nil {
				window = how.Window
			}
			first[2] = windowInWords(window)
		}
	}
	if a := job.answered; a.Known() && a.Best < len(names) && a.Best < len(a.Scores.Probabilities) {
		first[3], first[4] = names[a.Best], number(float64(a.Scores.Probabilities[a.Best]))
	}
	notice := drawing.Notice(k.Image)
	if len(marked) == 0 {
		return [][]string{append(first, "", "", "", "", "", "", "", "", "", notice)}
	}
	var lines [][]string
	for _, m := range marked {
		r := m.Reading
		line := append(slices.Clone(first), string(r.Kind))
		switch r.Kind {
		case measure.Length:
			line = append(line, number(r.Length), r.Scale.Unit())
		case measure.Angle:
			line = append(line, number(r.Angle), "°")
		default:
			line = append(line, number(r.Area), r.Scale.Unit()+"²")
		}
		if len(r.Values) == 0 {
			lines = append(lines, append(line, "", "", "", "", "", "", notice))
		}
		for c, v := range r.Values {
			one := slices.Clone(line)
			if len(r.Values) > 1 {
				one[5] = fmt.Sprintf("%s, channel %d", r.Kind, c+1)
			}
			lines = append(lines, append(one, number(v.Mean), number(v.SD), number(v.Min), number(v.Max), strconv.Itoa(v.N), r.Unit, notice))
		}
	}
	return lines
}

// windowInWords is a window as width and level.
func windowInWords(w dicom.Window) string {
	return fmt.Sprintf("W %.4g L %.4g", w.Width, w.Center)
}
