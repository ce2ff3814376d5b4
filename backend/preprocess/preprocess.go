package preprocess

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"picasso/backend/picture"
)

// MaxChannels bounds the channels that a picture is spread over.
const MaxChannels = 512

// Preprocess says, as data, how a picture becomes the model's input: colour,
// geometry, intensity, scale, mean and deviation. Layout and element type
// belong to the model's input port and are applied at the session's boundary.
//
// Steps in order: colour → resize (and crop or pad) → window, range or
// percentile → scale → clip → (x − mean) / std. Its JSON form is the sidecar's
// "preprocess".
type Preprocess struct {
	Color     string     `json:"color"`              // "rgb", "bgr", "grey"
	Channels  []Channel  `json:"channels,omitempty"` // one per channel, in place of Color; empty follows Color
	Intensity            // of every channel that has none of its own
	Resize    Resize     `json:"resize"`         //
	Scale     [2]float64 `json:"scale"`          // y = x·Scale[0] + Scale[1] on raw values, or on 0…1 behind an Intensity
	Clip      []float64  `json:"clip,omitempty"` // lowest and highest value after the scale; empty is no limit
	Mean      Values     `json:"mean,omitempty"` // per channel, after the scale; empty is 0
	Std       Values     `json:"std,omitempty"`  // per channel; empty is 1
	// What follows concerns scans. Orientation brings slices to axes of the patient,
	// as nibabel and MONAI write them: with "RAS" the rows of an axial slice follow
	// each other to the right and its columns to the front. "" takes slices as they
	// are shown.
	Orientation string   `json:"orientation,omitempty"`
	Modality    string   `json:"modality,omitempty"` // what the model was made for, "CT" or another term of DICOM; it changes no value
	Fill        *float64 `json:"fill,omitempty"`     // raw value for what is NaN or infinite; nil is the smallest of the picture
	Volume      *Volume  `json:"volume,omitempty"`   // what models of volumes need besides; nil for none of it
}

// Resize says how a picture of any size becomes one of the model's size: it is
// brought to a first size, and the model's window is cut out of its middle,
// with bars where it does not reach.
type Resize struct {
	Mode   string         `json:"mode"`            // "stretch", "crop", "letterbox"
	Filter picture.Filter `json:"filter"`          // "nearest", "box", "bilinear", "hamming", "bicubic", "lanczos"
	Sharp  bool           `json:"sharp,omitempty"` // no antialias: only the nearest source pixels count, as in OpenCV and TensorFlow
	Edge   int            `json:"edge,omitempty"`  // crop: shortest side before the crop; 0 just covers Size
	Size   []int          `json:"size,omitempty"`  // height and width that are stretched to, covered or fitted into before the crop; empty is the model's
	Floor  bool           `json:"floor,omitempty"` // an odd surplus is halved downwards (Hugging Face, TensorFlow), not to even (torchvision)
	Pad    Values         `json:"pad,omitempty"`   // raw value of the bars, one or per channel of the picture; empty is 0
}

// Values of [Preprocess.Color] and [Resize.Mode].
const (
	RGB  = "rgb"
	BGR  = "bgr"
	Grey = "grey"

	Stretch   = "stretch"
	Crop      = "crop"
	Letterbox = "letterbox"
)

// MaxSide bounds every length a sidecar may ask for.
const MaxSide = 1 << 14

// Check reports the first value that is not allowed for a model with that many
// channels, by its key in the sidecar.
func (p Preprocess) Check(channels int) error {
	return cmp.Or(p.checkColor(channels), p.checkIntensity(), p.checkResize(), p.checkNumbers(channels), p.checkScan(), p.Volume.check())
}

func (p Preprocess) checkColor(channels int) error {
	if len(p.Channels) > 0 {
		return checkChannels(p.Channels, channels)
	}
	colors := []string{RGB, BGR}
	if channels == 1 {
		colors = []string{Grey}
	}
	if !slices.Contains(colors, p.Color) {
		return NewKeyError("color", fmt.Sprintf("%q does not suit a model with %d channel(s), allowed: %s", p.Color, channels, strings.Join(colors, ", ")))
	}
	return nil
}

func (p Preprocess) checkResize() error {
	modes := []string{Stretch, Crop, Letterbox}
	if !slices.Contains(modes, p.Resize.Mode) {
		return NewKeyError("resize.mode", fmt.Sprintf("%q is unknown, allowed: %s", p.Resize.Mode, strings.Join(modes, ", ")))
	}
	if p.Resize.Edge < 0 || p.Resize.Edge > MaxSide {
		return NewKeyError("resize.edge", fmt.Sprintf("%d is outside 0…%d", p.Resize.Edge, MaxSide))
	}
	if s := p.Resize.Size; len(s) != 0 && (len(s) != 2 || !SideOK(s[0]) || !SideOK(s[1])) {
		return NewKeyError("resize.size", fmt.Sprintf("must be [height, width], each from 1 to %d", MaxSide))
	}
	if n := len(p.Resize.Pad); n > 1 && n != 3 {
		return NewKeyError("resize.pad", "must be one number, or three for red, green and blue")
	}
	if err := Finite("resize.pad", p.Resize.Pad); err != nil {
		return err
	}
	return checkFilter("resize.filter", p.Resize.Filter)
}

func (p Preprocess) checkNumbers(channels int) error {
	if n := len(p.Clip); n != 0 && (n != 2 || p.Clip[0] > p.Clip[1]) {
		return NewKeyError("clip", "needs two values, the lower first")
	}
	for _, list := range []struct {
		key string
		v   []float64
	}{{"mean", p.Mean}, {"std", p.Std}} {
		if n := len(list.v); n != 0 && n != 1 && n != channels {
			return NewKeyError(list.key, fmt.Sprintf("has %d values, the model has %d channel(s); allowed: one number, or %d", n, channels, channels))
		}
	}
	if slices.Contains(p.Std, 0) {
		return NewKeyError("std", "must not be 0")
	}
	return cmp.Or(Finite("scale", p.Scale[:]), Finite("clip", p.Clip), Finite("mean", p.Mean), Finite("std", p.Std))
}

func checkFilter(key string, f picture.Filter) error {
	all := picture.Filters()
	if slices.Contains(all, f) {
		return nil
	}
	return NewKeyError(key, fmt.Sprintf("%q is unknown, allowed: %v", f, all))
}

func Finite(key string, values []float64) error {
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return NewKeyError(key, "must be finite")
		}
	}
	return nil
}

// KeyError is a value of a sidecar that is not allowed.
type KeyError struct {
	Key, Fault string
	Line       int   // in the file, from 1; 0 for a value that comes from none
	Cause      error // what Fault says, where that was an error
}

func (e *KeyError) Unwrap() error { return e.Cause }

func (e *KeyError) Error() string {
	if e.Line > 0 {
		return fmt.Sprintf("line %d: %s: %s", e.Line, e.Key, e.Fault)
	}
	return e.Key + ": " + e.Fault
}

func NewKeyError(key, fault string) error { return &KeyError{Key: "preprocess." + key, Fault: fault} }

// Within is a resize for another input, such that it shows the same part of a
// picture.
func (r Resize) Within(main, other Input) Resize {
	if main.Height < 1 || main.Width < 1 {
		return r
	}
	down, across := float64(other.Height)/float64(main.Height), float64(other.Width)/float64(main.Width)
	if r.Edge > 0 {
		r.Edge = side(float64(r.Edge) * max(down, across))
	}
	if len(r.Size) == 2 {
		r.Size = []int{side(float64(r.Size[0]) * down), side(float64(r.Size[1]) * across)}
	}
	return r
}

func SideOK(n int) bool { return n >= 1 && n <= MaxSide }
