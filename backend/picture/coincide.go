package picture

import (
	"fmt"
	"math"

	"picasso/backend/picture/dicom"
)

// How far volumes that belong together may lie apart: as a part of a pixel, for pixels
// and for slices; as a part of the distance of pixels.
const (
	mostApart  = 0.25
	mostScaled = 0.01
)

// coincide checks that the slices of two series lie at the same places in the patient,
// one by one. told says what is not known of that, "" where all is.
func (s *Series) coincide(with *Series) (told string, err error) {
	refuse := func(fault string) (string, error) {
		return "", &Error{s.Name, fault, "choose series that lie in one place, slice by slice, or resample them to one grid first", nil}
	}
	if s.Len() != with.Len() {
		return refuse(fmt.Sprintf("has %d slices, another channel %d", s.Len(), with.Len()))
	}
	for i := range s.slices {
		a, b := &s.slices[i].place, &with.slices[i].place
		switch {
		case a.Rows != b.Rows || a.Columns != b.Columns:
			return refuse(fmt.Sprintf("has slices of %d×%d pixels, another channel %d×%d", a.Columns, a.Rows, b.Columns, b.Rows))
		case a.Reference != "" && b.Reference != "" && a.Reference != b.Reference:
			return refuse("has another frame of reference than another channel, so nobody knows whether they lie at the same place")
		case a.Geometry.Placed != b.Geometry.Placed:
			told = "only some of the channels say where their slices lie in the patient; they are taken slice by slice"
			continue
		}
		if fault := apart(a.Geometry, b.Geometry); fault != "" {
			return refuse(fmt.Sprintf("%s (slice %d)", fault, i+1))
		}
	}
	return told, nil
}

// apart says how two slices do not lie at the same place, "" where they do.
func apart(a, b dicom.Geometry) string {
	for k := range a.Spacing {
		if a.Spacing[k] > 0 && b.Spacing[k] > 0 && math.Abs(a.Spacing[k]-b.Spacing[k]) > mostScaled*b.Spacing[k] {
			return fmt.Sprintf("has pixels of %.4g×%.4g mm, another channel %.4g×%.4g mm", a.Spacing[1], a.Spacing[0], b.Spacing[1], b.Spacing[0])
		}
	}
	if !a.Placed || !b.Placed {
		return ""
	}
	if !a.Parallel(b) {
		return "has slices that lie at an angle to those of another channel"
	}
	off := 0.0
	for i := range 3 {
		off = math.Hypot(off, a.Position[i]-b.Position[i])
	}
	if least := min(b.Spacing[0], b.Spacing[1]); off > mostApart*least && off > 1e-3 {
		return fmt.Sprintf("lies %.3g mm beside another channel in the patient", off)
	}
	return ""
}
