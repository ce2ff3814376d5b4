package report

import (
	"math"

	"picasso/backend/picture/dicom"
)

// Scan is what results say about a medical picture: where it lies in its
// scan and in the patient, and how it was shown. It says nothing about who the
// patient is. Numbers of series, slices and frames count from 0.
type Scan struct {
	Modality     string   `json:"modality,omitempty"`
	Series       *int     `json:"series,omitempty"` // of everything named
	Slice        int      `json:"slice"`            // in the order shown, of the series or the file
	Slices       int      `json:"slices,omitempty"` // of the series
	Volume       *int     `json:"volume,omitempty"` // of the series, where it has several
	Volumes      int      `json:"volumes,omitempty"`
	VolumeName   string   `json:"volume_name,omitempty"`
	Frame        int      `json:"frame"` // within the file, as it is stored
	Frames       int      `json:"frames"`
	Unit         string   `json:"unit,omitempty"`
	Window       *Window  `json:"window,omitempty"` // of grey pictures: shown in the overlay
	Inverted     bool     `json:"inverted,omitempty"`
	Lossy        bool     `json:"lossy,omitempty"`
	SpacingMM    []Number `json:"spacing_mm,omitempty"` // between rows, between columns
	AtDetector   bool     `json:"spacing_at_detector,omitempty"`
	ThicknessMM  Number   `json:"thickness_mm,omitempty"`
	DistanceMM   Number   `json:"distance_mm,omitempty"` // between the slices of the volume
	PositionMM   []Number `json:"position_mm,omitempty"` // of the first pixel: left, back, head
	Orientation  []Number `json:"orientation,omitempty"` // directions along a row, then along a column
	PathWithheld bool     `json:"path_withheld,omitempty"`
}

// Window is how the values of a grey scan are shown: in their own unit.
type Window struct {
	Name     string `json:"name,omitempty"`
	Center   Number `json:"center"`
	Width    Number `json:"width"`
	Function string `json:"function"`
}

// NewScan describes the picture of a subject; nil for what is no medical picture.
func NewScan(s Subject) *Scan {
	if s.Picture == nil || s.Picture.Scan == nil {
		return nil
	}
	scan := s.Picture.Scan
	r := &Scan{
		Modality: scan.Modality, Slice: scan.Slice, Frame: scan.Frame, Frames: scan.Frames, Unit: s.Picture.Unit,
		Inverted: scan.Inverted != s.Inverted, Lossy: scan.Lossy, PathWithheld: s.Path == "",
		Series: s.Series, Slices: s.Slices,
	}
	if scan.Volumes > 1 {
		r.Volume, r.Volumes, r.VolumeName = &scan.Volume, scan.Volumes, scan.VolumeName
	}
	r.DistanceMM = millimetres([]float64{scan.Distance})[0]
	if w := s.window(); w != nil {
		r.Window = &Window{w.Name, Number(w.Center), Number(w.Width), w.Kind()}
	}
	r.locate(scan.Geometry)
	return r
}

// locate fills in what is known of the picture's place.
func (r *Scan) locate(g dicom.Geometry) {
	if g.Spacing[0] > 0 {
		r.SpacingMM, r.AtDetector = millimetres(g.Spacing[:]), g.AtDetector
	}
	if g.Thickness > 0 {
		r.ThicknessMM = Number(g.Thickness)
	}
	if g.Placed {
		r.PositionMM = millimetres(g.Position[:])
		r.Orientation = append(millimetres(g.Orientation[0][:]), millimetres(g.Orientation[1][:])...)
	}
}

// millimetres are rounded to a nanometre, as no scanner knows better.
func millimetres(v []float64) []Number {
	out := make([]Number, len(v))
	for i, x := range v {
		out[i] = Number(math.Round(x*1e6) / 1e6)
	}
	return out
}
