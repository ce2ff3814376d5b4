package derived

import (
	"errors"
	"slices"

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
func (a About) placed(frameCount string, dimensions []dimension, shared part10.Set, perFrame []part10.Set) part10.Set {
	g := a.Geometry
	d := g.Orientation
	shared = append(shared,
		pixelMeasures.holds(part10.Set{part10.Decimals(tagSpacing, g.Spacing[0], g.Spacing[1]), part10.Decimals(tagSliceThickness, thickness(g))}),
		planeOrientation.holds(part10.Set{part10.Decimals(tagOrientation, d[0][0], d[0][1], d[0][2], d[1][0], d[1][1], d[1][2])}),
	)
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
		part10.Element{Tag: 0x52009229, VR: "SQ", Items: []part10.Set{shared}},
		part10.Element{Tag: 0x52009230, VR: "SQ", Items: perFrame},
	)
	if ref := a.instance(); ref != nil {
		set = append(set, referencedSeries.holds(part10.Set{
			seriesUID.is(a.out(a.Origin.Series, "series")), referencedInstance.holds(ref),
		}))
	}
	return set
}

// dimension is one by which frames are sorted: an element in a group.
type dimension struct {
	of, group uint32
	label     string
}

// frame is the group of a frame: its place in the patient and among the others,
// counted from 1, and what it was made of.
func (a About) frame(how Code, at ...uint32) part10.Set {
	p := a.Geometry.Position
	set := part10.Set{
		frameContent.holds(part10.Set{part10.Long(tagDimensionIndex, at...)}),
		planePosition.holds(part10.Set{part10.Decimals(tagPosition, p[0], p[1], p[2])}),
	}
	if sources := a.sources(); sources != nil {
		set = append(set, derivationImage.holds(part10.Set{
			derivation.is(words(a.Says, 1024)), derivationCode.holds(how.item()), sourceImage.holds(sources...),
		}))
	}
	return set
}
