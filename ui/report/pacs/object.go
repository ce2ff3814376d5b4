package pacs

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"picasso/backend/picture/dicom"
	"picasso/backend/picture/dicom/derived"
	"picasso/ui/drawing"
	"picasso/ui/report"
	"picasso/visualizers"
)

// Object is the map of a subject as a DICOM file of a kind.
func (o Options) Object(kind string, origin dicom.Origin, s report.Subject, shown report.Shown) ([]byte, error) {
	var b bytes.Buffer
	if kind == Capture {
		err := o.capture(&b, o.about(origin, s, shown), s, shown, o.Width)
		return b.Bytes(), err
	}
	k := NewStack(o, s, shown)
	if err := k.Add(origin, s, shown); err != nil {
		return nil, err
	}
	err := k.Write(context.Background(), &b, kind, nil)
	return b.Bytes(), err
}

// Capture writes the figure of the map of a volume on one of its slices, counted from 0,
// as one of a series.
func (o Options) Capture(w io.Writer, origin dicom.Origin, s report.Subject, shown report.Shown, slice int) error {
	a := o.about(origin, s, shown)
	a.Number, a.Series = slice+1, a.Series+"all slices"
	if s.Picture != nil {
		if all := s.Picture.Slices(); slice < len(all) { // the others of the volume have an origin of their own
			a.Origin.Class, a.Origin.Instance, a.Origin.Frame = all[slice].Class, all[slice].Instance, all[slice].Frame
		}
	}
	return o.capture(w, a, s, shown, o.Many)
}

// capture writes the figure of a map, in a width in pixels.
func (o Options) capture(w io.Writer, a derived.About, s report.Subject, shown report.Shown, width int) error {
	f := s.Figure(shown)
	f.Notice = drawing.ResearchUse // be it of a scan or not: it goes where diagnoses are made
	m, err := f.Image(o.Paper, width)
	if err != nil {
		return err
	}
	a.Says = sentences(a.Says, "Picture for people: map, colour bar and settings.")
	return derived.Capture(w, a, m)
}

// Regions is a DICOM file of regions that were given for a subject.
func (o Options) Regions(origin dicom.Origin, s report.Subject, segments []derived.Segment) ([]byte, error) {
	var b bytes.Buffer
	size := s.Base.Rect.Size()
	err := derived.Segmentation(&b, o.ofRegions(origin, s), size.X, size.Y, segments)
	return b.Bytes(), err
}

// ofRegions is what objects of given regions say.
func (o Options) ofRegions(origin dicom.Origin, s report.Subject) derived.About {
	a := o.source(origin, s)
	a.Series, a.Title = "regions", "Regions, not for diagnosis"
	a.Says = sentences(drawing.ResearchUse+".", "Regions given with the picture.")
	return a
}

// source is what all objects of a subject say.
func (o Options) source(origin dicom.Origin, s report.Subject) derived.About {
	a := derived.About{Origin: origin, Source: s.SHA256, Keep: o.Keep, Made: o.Made, Program: o.Program, Number: 1}
	modality, g := place(s.Picture)
	if a.Geometry = g; a.Origin.Modality == "" {
		a.Origin.Modality = modality
	}
	if s.Picture != nil && s.Picture.Scan != nil {
		a.Number = s.Picture.Scan.Slice + 1
	}
	return a
}

// about is what all objects of a map say.
func (o Options) about(origin dicom.Origin, s report.Subject, shown report.Shown) derived.About {
	a := o.source(origin, s)
	info, symbol := shown.Visualizer.Info(), shown.Map.Target.Symbol(s.Model)
	settings := set(visualizers.FormatValues(shown.Visualizer, shown.Values))
	a.Series = fmt.Sprint(s.File.SHA256, info.ID, settings, symbol, o.Above)
	a.Title = "Not for diagnosis: " + info.Title + " of " + symbol
	partial := ""
	if shown.Done < 1 {
		partial = fmt.Sprintf("Partial: %.0f %% of the work was done.", 100*shown.Done)
	}
	a.Says = sentences(drawing.ResearchUse+".", fmt.Sprintf("%s explained by %s, in %s.", symbol, info.Title, shown.Map.Unit), partial,
		positive(shown.Map), "Model "+s.File.SHA256+".", settings)
	return a
}

// positive says what a positive value means, "" where nobody does.
func positive(m visualizers.Map) string {
	if m.Positive == "" {
		return ""
	}
	return "Positive: " + m.Positive + "."
}

// set are the settings in one order, "" for none.
func set(values map[string]string) string {
	var pairs []string
	for _, key := range slices.Sorted(maps.Keys(values)) {
		pairs = append(pairs, key+"="+values[key])
	}
	if len(pairs) == 0 {
		return ""
	}
	return "Settings " + strings.Join(pairs, ", ") + "."
}

// resampled says how the values got to the pixels of the source.
func resampled(f drawing.Figure) string {
	how := "interpolated as drawn"
	if f.Display.Style(f.Map, f.Scan).Cells {
		how = "by the nearest value, as drawn"
	}
	text := fmt.Sprintf("%d×%d values resampled to the %d×%d pixels of the source, %s.", f.Map.Width, f.Map.Height, f.Base.Rect.Dx(), f.Base.Rect.Dy(), how)
	if f.Map.Channels > 1 {
		text += fmt.Sprintf(" Of %d channels the value of largest magnitude.", f.Map.Channels)
	}
	return text
}

// sentences are texts behind each other, those that there are.
func sentences(texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(text string) bool { return text == "" }), " ")
}

// quantity is what a method's values are called in DICOM.
func quantity(method string) derived.Code {
	switch method {
	case "grad-cam", "grad-cam++", "hires-cam", "layer-cam":
		return derived.GradientClassActivation
	case "score-cam":
		return derived.ClassActivation
	}
	return derived.Saliency
}
