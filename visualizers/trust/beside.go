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
	// Solid are the regions of a volume, instead of Region, Labels and Place; nil for none.
	Solid *Solid
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
	if b.Solid != nil {
		r.Region, r.Labels = b.Solid.judge(m)
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
	if visualizers.DepthOf(in.Subject) > 0 {
		r.solid()
	}
	return r
}

// solid puts the verdicts into words for a volume.
func (r *Report) solid() {
	for _, v := range r.verdicts() {
		*v = v.solid()
	}
}

// verdicts are those of the tests that were made.
func (r *Report) verdicts() (list []*Verdict) {
	if r.Completeness != nil {
		list = append(list, &r.Completeness.Verdict)
	}
	if r.Edges != nil {
		list = append(list, &r.Edges.Verdict)
	}
	if r.OtherClass != nil {
		list = append(list, &r.OtherClass.Verdict)
	}
	if r.Region != nil {
		list = append(list, &r.Region.Verdict)
	}
	for i := range r.Labels {
		list = append(list, &r.Labels[i].Verdict)
	}
	if r.EveryPicture != nil {
		list = append(list, &r.EveryPicture.Verdict)
	}
	return list
}
