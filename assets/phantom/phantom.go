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
func (n *Nodule) In(z int) (x, y, radius float64, ok bool) {
	if n == nil {
		return 0, 0, 0, false
	}
	d := (float64(z) - n.Z) * Thickness
	if d*d >= n.Radius*n.Radius {
		return 0, 0, 0, false
	}
	return n.X, n.Y, root(n.Radius*n.Radius-d*d) / Spacing, true
}

// New makes the phantom of a seed, with or without a nodule. The same seed
// gives the same body.
func New(seed uint64, nodule bool) *Phantom {
	body := newAnatomy(rand.New(rand.NewPCG(seed, 1)))
	var bare [Depth]*canvas
	for z := range bare {
		bare[z] = body.slice(z)
	}
	p := &Phantom{}
	if nodule {
		p.Nodule = body.nodule(rand.New(rand.NewPCG(seed, 2)), &bare)
	}
	noise := rand.New(rand.NewPCG(seed, 3))
	for z, s := range bare {
		if x, y, r, ok := p.Nodule.In(z); ok {
			s.blend(disc(x, y, r, r), tissueNodule)
		}
		p.Slices[z] = s.develop(noise, body.noise)
	}
	return p
}
