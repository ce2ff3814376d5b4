package derived

import (
	"errors"
	"math"
	"slices"
	"strconv"

	"picasso/backend/picture/dicom"
	"picasso/backend/picture/dicom/part10"
)

// What a picture can lack that values in the patient need.
var (
	// ErrProjection is an X-ray picture: its pixels are no places in the patient.
	ErrProjection = errors.New("the picture is a projection (X-ray), whose pixels lie at no one place in the patient; write a Secondary Capture of it (sc)")
	// ErrPlaceless is a picture that does not say where in the patient it lies.
	ErrPlaceless = errors.New("the picture does not say where in the patient it lies and how large its pixels are; write a Secondary Capture of it (sc)")
	// ErrThickness is a slice of which nobody knows how thick it is.
	ErrThickness = errors.New("the picture does not say how thick its slice is, which values in the patient need; write a Secondary Capture of it (sc)")
)

// projections are the modalities whose pixels are sums along a ray.
var projections = []string{"CR", "DR", "DX", "IO", "MG", "PX", "RF", "RG", "XA"}

// Placeable reports why a picture of a modality cannot carry values in the
// patient: [ErrProjection], [ErrPlaceless], [ErrThickness] or nil.
func Placeable(modality string, g dicom.Geometry) error {
	switch {
	case slices.Contains(projections, modality):
		return ErrProjection
	case !g.Placed || !(g.Spacing[0] > 0) || !(g.Spacing[1] > 0) || g.AtDetector:
		return ErrPlaceless
	case !(thickness(g) > 0):
		return ErrThickness
	}
	return nil
}

// placeable is [Placeable] for all slices of the source.
func (a About) placeable() error {
	for _, s := range a.slices() {
		if err := Placeable(a.Origin.Modality, s.Geometry); err != nil {
			return err
		}
	}
	return nil
}

// thickness is that of the slice, or the distance to the next one where the file
// tells that alone.
func thickness(g dicom.Geometry) float64 {
	if g.Thickness > 0 {
		return g.Thickness
	}
	return g.Between
}

// placed is what objects with frames in the patient have in common (PS3.3
// C.7.4.1, C.7.6.16, C.7.6.17): shared groups, and one group for each frame.
func (a About) placed(dimensions []dimension, shared part10.Set, perFrame []part10.Set) part10.Set {
	frameCount := strconv.Itoa(len(perFrame))
	if all := a.slices(); uniform(all) {
		shared = append(shared, grid(all[0].Geometry, evenly(all))...)
	}
	organized := uid("dimensions", frameCount)
	var index []part10.Set
	for _, d := range dimensions {
		index = append(index, part10.Set{
			part10.Tags(tagDimensionOf, d.of), part10.Tags(tagDimensionGroup, d.group), organizationUID.is(organized), dimensionLabel.is(d.label),
		})
	}
	set := append(a.when(), a.loss()...)
	set = append(set,
		frameOfReference.is(a.reference()), positionReference.is(""), frames.is(frameCount),
		organization.holds(part10.Set{organizationUID.is(organized)}), dimensionIndex.holds(index...),
		contentDescription.is(words(a.Title, 64)), contentCreator.is(""),
		part10.Sequence(0x52009229, shared), part10.Sequence(0x52009230, perFrame...),
	)
	if refs := a.instances(); refs != nil {
		set = append(set, referencedSeries.holds(part10.Set{seriesUID.is(a.out(a.Origin.Series, "series")), referencedInstance.holds(refs...)}))
	}
	return set
}

// instances refer to the files of the source, each once.
func (a About) instances() (refs []part10.Set) {
	met := map[string]bool{}
	for _, s := range a.slices() {
		if ref := a.instance(s); ref != nil && !met[s.Instance] {
			met[s.Instance] = true
			refs = append(refs, ref)
		}
	}
	return refs
}

// grid is the size of pixels and slice and the directions of a frame; between is the
// distance of slices, 0 where they have none in common.
func grid(g dicom.Geometry, between float64) part10.Set {
	d, measures := g.Orientation, part10.Set{part10.Decimals(tagSpacing, g.Spacing[0], g.Spacing[1]), part10.Decimals(tagSliceThickness, thickness(g))}
	if between > 0 {
		measures = append(measures, part10.Decimals(tagBetween, between))
	}
	return part10.Set{
		pixelMeasures.holds(measures),
		planeOrientation.holds(part10.Set{part10.Decimals(tagOrientation, d[0][0], d[0][1], d[0][2], d[1][0], d[1][1], d[1][2])}),
	}
}

// uniform reports whether all slices have the same grid.
func uniform(all []Slice) bool {
	first := all[0].Geometry
	return !slices.ContainsFunc(all, func(s Slice) bool {
		g := s.Geometry
		return g.Spacing != first.Spacing || g.Orientation != first.Orientation || thickness(g) != thickness(first)
	})
}

// evenly is the distance from slice to slice in millimetres, 0 for slices that lie
// unevenly or are but one.
func evenly(all []Slice) float64 {
	if len(all) < 2 {
		return 0
	}
	from, n := all[0].Geometry, len(all)-1
	step := (all[n].Geometry.Depth() - from.Depth()) / float64(n)
	for i, s := range all {
		if math.Abs(s.Geometry.Depth()-from.Depth()-float64(i)*step) > partOfStep*math.Abs(step) {
			return 0
		}
	}
	return math.Abs(step)
}

// partOfStep is by how much of the distance even slices may be off: files round.
const partOfStep = .01

// dimension is one by which frames are sorted: an element in a group.
type dimension struct {
	of, group uint32
	label     string
}

// frame is the group of a frame that lies where a slice does: its place in the patient
// and among the others, counted from 1, and what it was made of.
func (a About) frame(s Slice, how Code, at ...uint32) part10.Set {
	p := s.Geometry.Position
	set := part10.Set{
		frameContent.holds(part10.Set{part10.Long(tagDimensionIndex, at...)}),
		planePosition.holds(part10.Set{part10.Decimals(tagPosition, p[0], p[1], p[2])}),
	}
	if !uniform(a.slices()) {
		set = append(set, grid(s.Geometry, 0)...)
	}
	if sources := a.sources(s); sources != nil {
		set = append(set, derivationImage.holds(part10.Set{
			derivation.is(words(a.Says, 1024)), derivationCode.holds(how.item()), sourceImage.holds(sources...),
		}))
	}
	return set
}
