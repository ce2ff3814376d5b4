package voxels

import (
	"fmt"
	"math"
)

// Grid is a volume: Size slices, rows and columns of values, slice by slice.
type Grid struct {
	Size   [3]int
	Values []float32
	// Ways are the directions of the axes in the patient, to the left, back and
	// head, each of length 1; all zero where the file does not tell.
	Ways    [3][3]float64
	Spacing [3]float64 // millimetres between neighbours along each axis, 0 where unknown
	// Lies is where the first pixel of each slice of the source lies, in voxels of the
	// grid, where slices were moved or resampled to make it; nil where slice i is voxel i.
	Lies    [][3]float64
	Remarks []string // what was done to make it a grid, in words
}

// Placed reports whether the grid tells how it lies in the patient.
func (g *Grid) Placed() bool { return g.Ways != [3][3]float64{} }

// Axis is an axis of another grid over this one: its voxel j lies at Start + Step·j
// along the axis Of, counted in voxels of this grid.
type Axis struct {
	Of          int
	Start, Step float64
	Len         int
}

// At is the place of voxel j, which may be between two.
func (a Axis) At(j float64) float64 { return a.Start + a.Step*j }

// Index is the voxel, perhaps between two, at a place: [Axis.At] run backwards.
func (a Axis) Index(place float64) float64 { return (place - a.Start) / a.Step }

// Whole are the axes of the grid as it is.
func (g *Grid) Whole() [3]Axis {
	var out [3]Axis
	for i := range out {
		out[i] = Axis{Of: i, Step: 1, Len: g.Size[i]}
	}
	return out
}

// Along are the axes of the same voxels in the order and direction that codes
// name, as nibabel and MONAI write them: with "RAS" the first axis runs to the
// right of the patient, the second to the front, the third to the head. "" leaves
// the axes as they are. Nothing is resampled: an oblique axis takes the code that
// it follows most. Where the grid does not tell how it lies, it is an error.
func (g *Grid) Along(codes string) ([3]Axis, error) {
	if codes == "" {
		return g.Whole(), nil
	}
	if !g.Placed() {
		return [3]Axis{}, fmt.Errorf("the file does not tell how the volume lies in the patient, so it cannot be brought to the orientation %s", codes)
	}
	var out [3]Axis
	taken := g.nearest()
	for i, letter := range codes {
		axis, forward := heading(letter)
		of := taken[axis]
		out[i] = Axis{Of: of, Step: 1, Len: g.Size[of]}
		if (g.Ways[of][axis] > 0) != forward {
			out[i].Step, out[i].Start = -1, float64(g.Size[of]-1)
		}
	}
	return out, nil
}

// nearest gives every axis of the patient the axis of the grid that follows it
// most, each once.
func (g *Grid) nearest() (of [3]int) {
	best := -1.0
	for _, p := range [][3]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
		sum := 0.0
		for axis, k := range p {
			sum += math.Abs(g.Ways[k][axis])
		}
		if sum > best {
			best, of = sum, p
		}
	}
	return of
}

// heading is the axis of the patient that a letter names (0 left, 1 back, 2 head)
// and whether it runs that way.
func heading(letter rune) (axis int, forward bool) {
	switch letter {
	case 'L', 'R':
		return 0, letter == 'L'
	case 'P', 'A':
		return 1, letter == 'P'
	default:
		return 2, letter == 'S'
	}
}

// Spaced are the axes with voxels that lie spacing millimetres apart, beginning
// with the first voxel and ending with the one nearest to the last, as MONAI's
// Spacing does; a spacing of 0 keeps an axis as it is. An axis of which the file
// does not tell the distance is an error.
func (g *Grid) Spaced(axes [3]Axis, spacing [3]float64) ([3]Axis, error) {
	for i := range axes {
		a := &axes[i]
		own := g.Spacing[a.Of]
		if spacing[i] == 0 || own == spacing[i] {
			continue
		}
		if own <= 0 {
			return axes, fmt.Errorf("the file does not tell how far apart its voxels are, so they cannot be brought to %g mm", spacing[i])
		}
		ratio := spacing[i] / own
		n := math.RoundToEven(float64(a.Len-1)/ratio + 1)
		if !(n >= 1 && n < maxLen) {
			return axes, fmt.Errorf("voxels of %g mm instead of %g mm make %.0f of %d", spacing[i], own, n, a.Len)
		}
		a.Len, a.Step = int(n), a.Step*ratio
	}
	return axes, nil
}

// maxLen bounds the length of an axis.
const maxLen = 1 << 16
