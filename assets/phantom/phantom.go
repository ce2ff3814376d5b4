// Package phantom makes synthetic CT series of a chest: a body with fat, lungs
// with vessels, heart, aorta, spine and ribs, the table below, noise, and
// perhaps a nodule in a lung whose place is known. Every lung, with nodule or
// without, has vessels that a slice cuts round, scars, calcium and bumps of the
// pleura, so that not just anything bright or round is a nodule.
//
// It stands in for patients in samples, training and tests: nobody's anatomy
// is in it, and what a map should point at is known to the voxel.
package phantom

import "math/rand/v2"

// Size of a phantom.
const (
	Side      = 128 // rows and columns of a slice
	Depth     = 24  // slices, from the feet to the head
	Spacing   = 2.75
	Thickness = 6.0 // Spacing and Thickness in millimetres
)

// Phantom is one series.
type Phantom struct {
	Slices [Depth][]int16 // Side×Side Hounsfield units each, row by row; the patient's right is left, the front is up
	Nodule *Nodule        // nil where there is none
}

// Nodule is a ball of soft tissue in a lung.
type Nodule struct {
	X, Y   float64 // column and row of the centre
	Z      float64 // slice of the centre
	Radius float64 // millimetres
}

// In is the circle in which slice z cuts the nodule: centre and radius in
// pixels. ok is false where it does not.
func (n *Nodule) In(z int) (x, y, radius float64, ok bool) { return n.cut(float64(z)) }

// cut is In between slices.
func (n *Nodule) cut(z float64) (x, y, radius float64, ok bool) {
	if n == nil {
		return 0, 0, 0, false
	}
	d := (z - n.Z) * Thickness
	if d*d >= n.Radius*n.Radius {
		return 0, 0, 0, false
	}
	return n.X, n.Y, root(n.Radius*n.Radius-d*d) / Spacing, true
}

// New makes the phantom of a seed, with or without a nodule. The same seed
// gives the same body.
func New(seed uint64, nodule bool) *Phantom {
	b := newBody(seed, nodule)
	p := &Phantom{Nodule: b.nodule}
	for z := range p.Slices {
		p.Slices[z] = b.scan(float64(z))
	}
	return p
}

// body is an anatomy with what chance adds to it.
type body struct {
	*anatomy
	nodule *Nodule
	grain  *rand.Rand // of the scanner, drawn slice after slice
}

func newBody(seed uint64, nodule bool) body {
	b := body{anatomy: newAnatomy(rand.New(rand.NewPCG(seed, 1))), grain: rand.New(rand.NewPCG(seed, 3))}
	if !nodule {
		return b
	}
	var bare [Depth]*canvas
	for z := range bare {
		bare[z] = b.slice(float64(z))
	}
	b.nodule = b.place(rand.New(rand.NewPCG(seed, 2)), &bare)
	return b
}

// scan is the slice at a height, which need not be that of one of [Depth].
func (b body) scan(z float64) []int16 {
	s := b.slice(z)
	if x, y, r, ok := b.nodule.cut(z); ok {
		s.blend(disc(x, y, r, r), tissueNodule)
	}
	return s.develop(b.grain, b.noise)
}
