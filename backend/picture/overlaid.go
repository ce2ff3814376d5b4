package picture

import (
	"math"

	"picasso/backend/picture/dicom"
	"picasso/backend/picture/dicom/derived"
)

// Result is what slice i says of itself where this program made it of another picture,
// nil for all else.
func (s *Series) Result(i int) *dicom.Result { return s.slices[i].place.Result }

// Derived reports whether the series is an object that this program made.
func (s *Series) Derived() bool { return len(s.slices) > 0 && s.Result(0) != nil }

// Made are the slices of a series of maps or regions that were made of slice i of this
// one: those that refer to it and lie in its plane. source is the checksum of the
// slice's file, by which objects made of files without identifiers are told; "" where
// that is not known.
func (s *Series) Made(of *Series, i int, source string) (slices []int) {
	at := s.slices[i].place
	frame, replaced := stored(at), derived.Replaced(at.Instance)
	reference := ""
	if at.Instance == "" && source != "" {
		reference = derived.Lacking(source)
	}
	for k := range of.slices {
		r := of.Result(k)
		if r != nil && madeOf(r, at.Instance, replaced, frame, reference) && inOnePlane(at.Geometry, of.slices[k].place.Geometry) {
			slices = append(slices, k)
		}
	}
	return slices
}

// samePlane is how far apart in millimetres planes may lie that are one: files round.
const samePlane = .05

// inOnePlane reports whether two frames lie in one plane, as far as they tell where.
func inOnePlane(a, b dicom.Geometry) bool {
	if !a.Placed || !b.Placed {
		return true
	}
	n, m := a.Normal(), b.Normal()
	along, distance := 0.0, 0.0
	for i := range n {
		along += n[i] * m[i]
		distance += n[i] * (a.Position[i] - b.Position[i])
	}
	return math.Abs(along) > 1-1e-3 && math.Abs(distance) < samePlane
}

// madeOf reports whether a frame names another as its source, by the identifier of its
// file or what stands for that, or by the frame of reference.
func madeOf(r *dicom.Result, instance, replaced string, frame int, reference string) bool {
	for _, from := range r.Sources {
		if instance != "" && from.Frame == frame && (from.Instance == instance || from.Instance == replaced) {
			return true
		}
	}
	return reference != "" && len(r.Sources) == 0 && r.Reference == reference
}

// Instance is the identifier of the file that slice i is in; known is false where it has
// none.
func (s *Series) Instance(i int) (id string, known bool) {
	id = s.slices[i].place.Instance
	return id, id != ""
}
