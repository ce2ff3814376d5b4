package cli

import (
	"math"

	"picasso/backend/picture/dicom"
)

// scanReport is what results say about a medical picture: where it lies in its
// scan and in the patient, and how it was shown. It says nothing about who the
// patient is. Numbers of series, slices and frames count from 0.
type scanReport struct {
	Modality     string        `json:"modality,omitempty"`
	Series       *int          `json:"series,omitempty"` // of everything named
	Slice        int           `json:"slice"`            // in the order shown, of the series or the file
	Slices       int           `json:"slices,omitempty"` // of the series
	Volume       *int          `json:"volume,omitempty"` // of the series, where it has several
	Volumes      int           `json:"volumes,omitempty"`
	VolumeName   string        `json:"volume_name,omitempty"`
	Frame        int           `json:"frame"` // within the file, as it is stored
	Frames       int           `json:"frames"`
	Unit         string        `json:"unit,omitempty"`
	Window       *windowReport `json:"window,omitempty"` // of grey pictures: shown in the overlay
	Inverted     bool          `json:"inverted,omitempty"`
	Lossy        bool          `json:"lossy,omitempty"`
	SpacingMM    []number      `json:"spacing_mm,omitempty"` // between rows, between columns
	AtDetector   bool          `json:"spacing_at_detector,omitempty"`
	ThicknessMM  number        `json:"thickness_mm,omitempty"`
	DistanceMM   number        `json:"distance_mm,omitempty"` // between the slices of the volume
	PositionMM   []number      `json:"position_mm,omitempty"` // of the first pixel: left, back, head
	Orientation  []number      `json:"orientation,omitempty"` // directions along a row, then along a column
	PathWithheld bool          `json:"path_withheld,omitempty"`
}

type windowReport struct {
	Center   number `json:"center"`
	Width    number `json:"width"`
	Function string `json:"function"`
}

func newScanReport(s subject) *scanReport {
	if s.picture == nil || s.picture.Scan == nil {
		return nil
	}
	scan := s.picture.Scan
	r := &scanReport{
		Modality: scan.Modality, Slice: scan.Slice, Frame: scan.Frame, Frames: scan.Frames, Unit: s.picture.Unit,
		Inverted: scan.Inverted, Lossy: scan.Lossy, PathWithheld: s.path == "",
	}
	if s.slice != nil {
		r.Series, r.Slices = &s.slice.series, s.slice.slices
	}
	if scan.Volumes > 1 {
		r.Volume, r.Volumes, r.VolumeName = &scan.Volume, scan.Volumes, scan.VolumeName
	}
	r.DistanceMM = millimetres([]float64{scan.Distance})[0]
	if s.picture.Channels == 1 {
		w := scan.Window
		r.Window = &windowReport{number(w.Center), number(w.Width), w.Kind()}
	}
	r.locate(scan.Geometry)
	return r
}

// locate fills in what is known of the picture's place.
func (r *scanReport) locate(g dicom.Geometry) {
	if g.Spacing[0] > 0 {
		r.SpacingMM, r.AtDetector = millimetres(g.Spacing[:]), g.AtDetector
	}
	if g.Thickness > 0 {
		r.ThicknessMM = number(g.Thickness)
	}
	if g.Placed {
		r.PositionMM = millimetres(g.Position[:])
		r.Orientation = append(millimetres(g.Orientation[0][:]), millimetres(g.Orientation[1][:])...)
	}
}

// millimetres are rounded to a nanometre, as no scanner knows better.
func millimetres(v []float64) []number {
	out := make([]number, len(v))
	for i, x := range v {
		out[i] = number(math.Round(x*1e6) / 1e6)
	}
	return out
}
