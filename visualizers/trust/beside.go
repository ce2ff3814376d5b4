package trust

import (
	"picasso/backend/mask"
	"picasso/backend/preprocess"
	"picasso/visualizers"
)

// Beside is what a map can be compared with, as far as it is there.
type Beside struct {
	Class    *visualizers.Map     // of another class, by the same method
	Pictures []visualizers.Map    // of other pictures, by the same method; nil for no test
	Methods  []Named              // by other methods; nil for no test
	Region   *mask.Mask           // in pixels of the picture; all regions together
	Labels   *mask.Regions        // of which each is judged by itself, too; nil for none
	Place    preprocess.Placement // from the model's input to these
}

// Compare runs the tests that ask the model nothing.
func Compare(in visualizers.Input, m visualizers.Map, b Beside) Report {
	var r Report
	if c, ok := AddsUp(m); ok {
		r.Completeness = &c
	}
	outlines := LikeOutlines(in, m)
	r.Edges = &outlines
	if b.Class != nil {
		o := ComparedWith(in, m, *b.Class)
		r.OtherClass = &o
	}
	if b.Region != nil {
		_, height, width := in.Subject.Shape()
		g := InRegion(m, *b.Region, b.Place, height, width)
		r.Region = &g
	}
	if b.Labels != nil && len(b.Labels.Names) > 1 {
		r.Labels = inLabels(in, m, b)
	}
	if b.Pictures != nil {
		e := AcrossPictures(m, b.Pictures)
		r.EveryPicture = &e
	}
	if b.Methods != nil {
		a := Agrees(m, b.Methods)
		r.Agreement = &a
	}
	return r
}
