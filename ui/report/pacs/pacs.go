// Package pacs makes DICOM objects of maps, for archives (PACS): what each kind
// holds, which pictures can have it, and what is refused in words. The files
// themselves are written by backend/picture/dicom/derived.
package pacs

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"picasso/backend/mask"
	"picasso/backend/picture"
	"picasso/backend/picture/dicom"
	"picasso/backend/picture/dicom/derived"
	"picasso/ui/drawing"
)

// Kinds of objects.
const (
	Capture      = "sc"  // Secondary Capture: the figure, for people
	Parametric   = "pm"  // Parametric Map: the values
	Segmentation = "seg" // Segmentation: regions, or where the map is above a value
)

// Options say which objects are written, and how. The zero value writes none.
type Options struct {
	Kinds   []string
	Keep    bool      // into the patient's own study
	Above   Threshold // of a segmentation of the map
	Program string    // name and version
	Made    time.Time // with Keep
	Paper   drawing.Paper
	Width   int // of a Secondary Capture in pixels
	Many    int // of each of those of a volume, in pixels
}

// Threshold is a value of a map, or a share of its largest one.
type Threshold struct {
	Value float64
	Share bool // Value is a share of the largest value, 0…1
	Given bool
}

// Wants reports whether a kind was asked for.
func (o Options) Wants(kind string) bool { return slices.Contains(o.Kinds, kind) }

// OfMaps are the kinds that every map gets: a Segmentation only where there is a
// value to tell its region by.
func (o Options) OfMaps() []string {
	return slices.DeleteFunc(slices.Clone(o.Kinds), func(kind string) bool { return kind == Segmentation && !o.Above.Given })
}

// Check refuses options that ask for what nobody knows. region tells whether
// regions of the picture were given.
func (o Options) Check(region bool) error {
	switch {
	case o.Wants(Segmentation) && !region && !o.Above.Given:
		return errors.New("--dicom seg needs to know which region: give its file with --region, or with --dicom-above the least value of the map in it, such as 0.2 or 50%")
	case o.Above.Given && !o.Wants(Segmentation):
		return errors.New("--dicom-above is for a Segmentation; add seg to --dicom")
	case o.Keep && len(o.Kinds) == 0:
		return errors.New("--dicom-study says where DICOM objects go; ask for some with --dicom, such as sc,pm")
	}
	return nil
}

// ParseKinds reads a list of kinds: "sc,pm".
func ParseKinds(text string) ([]string, error) {
	var out []string
	for _, kind := range strings.Split(text, ",") {
		kind = strings.TrimSpace(kind)
		if kind != Capture && kind != Parametric && kind != Segmentation {
			return nil, fmt.Errorf("%q is unknown; choose sc (Secondary Capture), pm (Parametric Map) and seg (Segmentation), such as sc,pm", kind)
		}
		if !slices.Contains(out, kind) {
			out = append(out, kind)
		}
	}
	return out, nil
}

// ParseThreshold reads a value in the map's unit, or a percentage of its largest
// value: "0.2", "50%".
func ParseThreshold(text string) (Threshold, error) {
	number, share := strings.CutSuffix(strings.TrimSpace(text), "%")
	v, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if share {
		v /= 100
	}
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) || share && (v <= 0 || v > 1) {
		return Threshold{}, fmt.Errorf("%q is no threshold; give a value in the unit of the map, such as 0.2, or a share of its largest value, such as 50%%", text)
	}
	return Threshold{v, share, true}, nil
}

// ErrNothingAbove is a map that has no region by a share of its largest value.
var ErrNothingAbove = errors.New("no value of the map is above zero, so no share of its largest value can be taken; no Segmentation was written")

// of is the threshold for values with a largest one, in their unit.
func (t Threshold) of(largest float64) (float64, error) {
	if !t.Share {
		return t.Value, nil
	}
	if !(largest > 0) {
		return 0, ErrNothingAbove
	}
	return t.Value * largest, nil
}

// Origin is the source of the objects of a picture, once it is known that there
// can be all that are asked for. It says with that what somebody should know.
func (o Options) Origin(ctx context.Context, m *picture.Image) (origin dicom.Origin, notes []string, err error) {
	if len(o.Kinds) == 0 {
		return origin, nil, nil
	}
	if m != nil {
		if origin, err = m.Origin(ctx, o.Keep); err != nil {
			return origin, nil, err
		}
	}
	if o.Keep && origin.Study == "" {
		return origin, nil, derived.ErrNoStudy
	}
	modality, g := place(m)
	for _, kind := range o.Kinds {
		if kind == Capture {
			continue
		}
		if err := derived.Placeable(modality, g); err != nil {
			return origin, nil, fmt.Errorf("--dicom %s: %w", kind, err)
		}
	}
	if origin.Class == "" && m != nil && m.Scan != nil {
		notes = append(notes, "the file is no DICOM: its objects are a study of their own, and the place in the patient is the one that the file gives")
	}
	if slices.Contains(o.Kinds, Capture) && origin.Class != "" && burned(origin, modality) {
		notes = append(notes, "letters in the pixels of the source, if any, are in the Secondary Capture too: look at it before you pass it on")
	}
	return origin, notes, nil
}

// Placeable reports why a picture cannot carry values in the patient, so that only a
// [Capture] can be made of it; nil where it can.
func Placeable(m *picture.Image) error { return derived.Placeable(place(m)) }

// Segments are regions as those of a DICOM object.
func Segments(r *mask.Regions) (out []derived.Segment) {
	for i, name := range r.Names {
		out = append(out, derived.Segment{Label: name, Inside: derived.One(r.Mask(uint8(i + 1)).Inside)})
	}
	return out
}

// burned reports whether the pixels of a source may hold names: they are said to,
// or nobody says and its kind often does.
func burned(o dicom.Origin, modality string) bool {
	return o.BurnedIn == "YES" || o.BurnedIn == "" && slices.Contains([]string{"", "US", "SC", "XC", "ES", "GM", "OT", "IVUS"}, modality)
}

// place is the modality of a picture and where it lies.
func place(m *picture.Image) (modality string, g dicom.Geometry) {
	if m == nil || m.Scan == nil {
		return "", g
	}
	g = m.Scan.Geometry
	if !(g.Between > 0) {
		g.Between = m.Scan.Distance
	}
	return m.Scan.Modality, g
}
