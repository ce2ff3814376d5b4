package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"picasso/backend"
	"picasso/backend/picture"
	"picasso/backend/score"
	"picasso/backend/visible"
	"picasso/ui/cli/volumes"
	"picasso/ui/drawing"
	"picasso/ui/report"
	"picasso/visualizers"
)

// about is what reports say about a subject and the model's answer to it.
func about(m *backend.Model, s subject, runtime string, base score.Scores, doubts []string) report.Subject {
	r := seen(m, s)
	r.File = report.Model{Path: picture.Said(m.Path), SHA256: m.SHA256, Provider: m.Provider(), ONNXRuntime: runtime, Notes: m.Warnings.Texts()}
	r.Array, r.Scores, r.Doubts = picture.Said(s.Array), base, doubts
	return r
}

// seen is about without the files of the model and the array, which are looked at for
// what they are called, and without an answer.
func seen(m *backend.Model, s subject) report.Subject {
	card := m.Known()
	r := report.Subject{Model: m, Card: &card, Picture: s.picture, Path: s.Path, SHA256: s.sha256, Base: s.base, Place: s.place}
	if s.volume != nil {
		b := report.BlockOf(s.volume.Block, card.Preprocess.Volume, s.over.Blocks())
		r.Block = &b
	}
	if s.Slice != nil {
		r.Series, r.Slices = &s.Slice.Series, s.Slice.Slices
	}
	return r
}

// filing puts away what is found about one subject.
type filing struct {
	*report.Report
	subject report.Subject
	folder  *folder
	draw    drawn
	sheet   *report.Board // nil where none is asked for
	archive *archived
	volume  *volumes.Seen // nil for pictures
	slice   int           // of the file that the sheet is of, where there is a volume
}

// drawn is how maps are drawn, as the user asked.
type drawn struct {
	picture string   // below maps: "auto", "colour", "grey"
	figures []string // kinds of figures besides: "png", "svg"
	paper   drawing.Paper
	width   int // of a figure, in pixels
	many    int // of each of those of a volume
}

// addMap writes a map's files and describes it.
func (p *filing) addMap(ctx context.Context, shown report.Shown) error {
	return p.addMapAs(ctx, fmt.Sprintf("%s-%s", shown.Visualizer.Info().ID, targetFile(shown.Map.Target)), shown)
}

// addMapAs is addMap with files of a given stem.
func (p *filing) addMapAs(ctx context.Context, stem string, shown report.Shown) error {
	if p.volume != nil && shown.Map.Depth > 0 {
		return p.addVolume(ctx, stem, shown)
	}
	if err := p.write(stem, shown, shown.Map); err != nil {
		return err
	}
	names, err := p.objects(stem, p.displayed(shown))
	p.Maps[len(p.Maps)-1].DICOM = names
	return err
}

// write puts the numbers of m into a file and draws what is shown.
func (p *filing) write(stem string, shown report.Shown, m visualizers.Map) error {
	shown = p.displayed(shown)
	f := p.subject.Figure(shown)
	if err := p.folder.array(stem+".npy", m.Shape(), m.Values); err != nil {
		return err
	}
	if err := p.folder.png(stem+".png", f.Overlay()); err != nil {
		return err
	}
	var figures []string
	for _, kind := range p.draw.figures {
		name := stem + "-figure." + kind
		if err := p.folder.figure(name, f, p.draw); err != nil {
			return err
		}
		figures = append(figures, name)
	}
	p.AddMap(p.subject, shown, stem+".npy", stem+".png", figures...)
	return nil
}

// addVolume writes the map of a volume: all of its values, and a picture of one slice.
func (p *filing) addVolume(ctx context.Context, stem string, shown report.Shown) error {
	full := shown.Map
	slice, shares := p.volume.Show(full)
	img, base, err := p.volume.At(slice)
	if err != nil {
		return err
	}
	of := *p
	of.subject.Picture, of.subject.Base = img, base
	shown.Map = full.OnSlice(p.volume.Block, slice)
	if err := of.write(stem, shown, full); err != nil {
		return err
	}
	entry, size := &p.Maps[len(p.Maps)-1], full.Sizes()
	entry.Depth, entry.Height, entry.Width = size[0], size[1], size[2]
	entry.Min, entry.Max = report.Extremes(full.Values)
	entry.Slices = &report.Slices{Shown: slice, Share: make([]report.Number, len(shares))}
	for i, v := range shares {
		entry.Slices.Share[i] = report.Number(v)
	}
	names, err := of.volumeObjects(ctx, stem, of.displayed(shown))
	p.Maps[len(p.Maps)-1].DICOM = names
	return err
}

// displayed is a map with the way it is drawn.
func (p *filing) displayed(shown report.Shown) report.Shown {
	shown.Display = drawing.Default(shown.Visualizer.Info())
	if p.draw.picture != autoPicture {
		shown.Display.Picture = p.draw.picture
	}
	return shown
}

// targetFile is the part of a file name that tells classes apart.
func targetFile(t score.Target) string {
	if t.Against == score.NoClass {
		return fmt.Sprint(t.Class)
	}
	return fmt.Sprintf("%d-vs-%d", t.Class, t.Against)
}

// imageError is one entry of errors.json.
type imageError struct {
	Image string `json:"image"`
	Error string `json:"error"`
}

// reason is an error in one line without the file, which is named beside it.
func reason(err error) string {
	var p *picture.Error
	if errors.As(err, &p) {
		bare := *p
		bare.Path = ""
		var memory *picture.MemoryError
		if errors.As(err, &memory) {
			bare.Remedy = allowing(memory)
		}
		err = &bare
	}
	return strings.TrimPrefix(oneLine(err), ": ")
}

// line names the file exactly once.
func (e imageError) line() string {
	if strings.HasPrefix(e.Error, e.Image) {
		return line(e.Error)
	}
	return visible.Text(filepath.ToSlash(e.Image)) + ": " + line(e.Error)
}
