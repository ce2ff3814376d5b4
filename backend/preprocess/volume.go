package preprocess

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Volume says what preparing a volume has beyond preparing a picture. Its steps in
// order: the axes are brought to the orientation of [Preprocess], voxels to a
// spacing, values to model units by the intensity of [Preprocess], the foreground
// is cut out, padded to multiples, and what is left is fitted into the model's input. Three numbers
// stand for the axes of the input in their order: depth, height, width.
type Volume struct {
	Spacing    Values      `json:"spacing,omitempty"` // millimetres between voxels, one number or three; empty, or 0, keeps the file's
	Filter     string      `json:"filter,omitempty"`  // how voxels between others are made: "linear", or "nearest"; "" is linear
	Foreground *Foreground `json:"foreground,omitempty"`
	// Divisible are numbers that the axes are multiples of once Pad was put around the
	// volume, one or three; empty, or 1, for any length.
	Divisible Values `json:"divisible,omitempty"`
	// Block is the part that the model gets of a volume larger than its input: "slice"
	// is the block around the slice that is looked at, "center" that in the middle,
	// "whole" all of it, resampled; with "slide" it gets one block after the other, and
	// the tensor is the whole volume. "" is slice. What the volume does not fill is Pad.
	Block string  `json:"block,omitempty"`
	At    []int   `json:"at,omitempty"`  // the middle of the block as slice, row and column of the file, counted from 0; empty for what Block says
	Pad   float64 `json:"pad,omitempty"` // in the model's units
}

// Foreground is the smallest box of the voxels above a value of the model's input,
// as MONAI's CropForeground cuts it out.
type Foreground struct {
	Above  float64 `json:"above,omitempty"`
	Margin int     `json:"margin,omitempty"` // voxels kept around the box
}

// Values of [Volume.Filter] and [Volume.Block].
const (
	LinearVoxels  = "linear"
	NearestVoxels = "nearest"

	SliceBlock  = "slice"
	CenterBlock = "center"
	WholeBlock  = "whole"
	SlideBlock  = "slide"
)

// Blocks are the values of [Volume.Block].
func Blocks() []string { return []string{SliceBlock, CenterBlock, WholeBlock, SlideBlock} }

// Follows reports whether the block lies around the slice that is looked at: then every
// slice has another one.
func (v *Volume) Follows() bool {
	return v == nil || len(v.At) == 0 && (v.Block == "" || v.Block == SliceBlock)
}

// settings are those of a preparation that may have none.
func (v *Volume) settings() Volume {
	if v == nil {
		return Volume{}
	}
	return *v
}

// check reports the first value that is not allowed.
func (v *Volume) check() error {
	if v == nil {
		return nil
	}
	if n := len(v.Spacing); n != 0 && n != 1 && n != 3 || slices.ContainsFunc(v.Spacing, func(x float64) bool { return x < 0 || x > 1000 }) {
		return NewKeyError("volume.spacing", "must be one length, or three for depth, height and width, in millimetres from 0 to 1000; 0 keeps that of the file")
	}
	if f := v.Filter; f != "" && f != LinearVoxels && f != NearestVoxels {
		return NewKeyError("volume.filter", fmt.Sprintf("%q is unknown, allowed: linear, nearest", f))
	}
	if n := len(v.Divisible); n != 0 && n != 1 && n != 3 || slices.ContainsFunc(v.Divisible, func(k float64) bool { return !(k >= 1 && k <= MaxSide) || k != math.Trunc(k) }) {
		return NewKeyError("volume.divisible", fmt.Sprintf("must be one whole number, or three for depth, height and width, from 1 to %d", MaxSide))
	}
	if b := v.Block; b != "" && !slices.Contains(Blocks(), b) {
		return NewKeyError("volume.block", fmt.Sprintf("%q is unknown, allowed: slice, center, whole, slide", b))
	}
	if n := len(v.At); n != 0 && n != 3 || slices.ContainsFunc(v.At, func(i int) bool { return i < 0 || i > 1<<16 }) {
		return NewKeyError("volume.at", "must be slice, row and column of the middle of the block, counted from 0")
	}
	if f := v.Foreground; f != nil && (f.Margin < 0 || f.Margin > MaxSide) {
		return NewKeyError("volume.foreground", fmt.Sprintf("needs a margin from 0 to %d", MaxSide))
	}
	finite := []float64{v.Pad}
	if v.Foreground != nil {
		finite = append(finite, v.Foreground.Above)
	}
	return cmp.Or(Finite("volume.spacing", v.Spacing), Finite("volume.pad", finite))
}
