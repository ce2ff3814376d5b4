package backend

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"picasso/backend/picture"
)

// Preprocess says, as data, how a picture becomes the model's input: colour,
// geometry, scale, mean and deviation. Layout and element type belong to the
// model's input port and are applied at the session's boundary.
//
// Steps in order: colour → resize (and crop or pad) → scale → clip →
// (x − mean) / std. Its JSON form is the sidecar's "preprocess".
type Preprocess struct {
	Color  string     `json:"color"`          // "rgb", "bgr", "grey"
	Resize Resize     `json:"resize"`         //
	Scale  [2]float64 `json:"scale"`          // y = x·Scale[0] + Scale[1] on raw values
	Clip   []float64  `json:"clip,omitempty"` // lowest and highest value after the scale; empty is no limit
	Mean   []float64  `json:"mean,omitempty"` // per channel, after the scale; empty is 0
	Std    []float64  `json:"std,omitempty"`  // per channel; empty is 1
}

// Resize says how a picture of any size becomes one of the model's size.
type Resize struct {
	Mode   string         `json:"mode"`            // "stretch", "crop", "letterbox"
	Filter picture.Filter `json:"filter"`          // "nearest", "box", "bilinear", "hamming", "bicubic", "lanczos"
	Sharp  bool           `json:"sharp,omitempty"` // no antialias: only the nearest source pixels count
	Edge   int            `json:"edge,omitempty"`  // crop: shortest side before the crop; 0 just covers the model's size
	Pad    float64        `json:"pad,omitempty"`   // letterbox and crop: raw value of the bars
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

// maxSide bounds every length a sidecar may ask for.
const maxSide = 1 << 14

// Check reports the first value that is not allowed for a model with that many
// channels, by its key in the sidecar.
func (p Preprocess) Check(channels int) error {
	colors := []string{RGB, BGR}
	if channels == 1 {
		colors = []string{Grey}
	}
	if !slices.Contains(colors, p.Color) {
		return keyError("color", fmt.Sprintf("%q does not suit a model with %d channel(s), allowed: %s", p.Color, channels, strings.Join(colors, ", ")))
	}
	return firstError(p.checkResize(), p.checkNumbers(channels))
}

func (p Preprocess) checkResize() error {
	modes := []string{Stretch, Crop, Letterbox}
	if !slices.Contains(modes, p.Resize.Mode) {
		return keyError("resize.mode", fmt.Sprintf("%q is unknown, allowed: %s", p.Resize.Mode, strings.Join(modes, ", ")))
	}
	if p.Resize.Edge < 0 || p.Resize.Edge > maxSide {
		return keyError("resize.edge", fmt.Sprintf("%d is outside 0…%d", p.Resize.Edge, maxSide))
	}
	if err := finite("resize.pad", []float64{p.Resize.Pad}); err != nil {
		return err
	}
	return checkFilter("resize.filter", p.Resize.Filter)
}

func (p Preprocess) checkNumbers(channels int) error {
	if n := len(p.Clip); n != 0 && (n != 2 || p.Clip[0] > p.Clip[1]) {
		return keyError("clip", "needs two values, the lower first")
	}
	for _, list := range []struct {
		key string
		v   []float64
	}{{"mean", p.Mean}, {"std", p.Std}} {
		if n := len(list.v); n != 0 && n != 1 && n != channels {
			return keyError(list.key, fmt.Sprintf("has %d values, the model has %d channel(s)", n, channels))
		}
	}
	if slices.Contains(p.Std, 0) {
		return keyError("std", "must not be 0")
	}
	return firstError(finite("scale", p.Scale[:]), finite("clip", p.Clip), finite("mean", p.Mean), finite("std", p.Std))
}

func checkFilter(key string, f picture.Filter) error {
	all := picture.Filters()
	if slices.Contains(all, f) {
		return nil
	}
	return keyError(key, fmt.Sprintf("%q is unknown, allowed: %v", f, all))
}

func finite(key string, values []float64) error {
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return keyError(key, "must be finite")
		}
	}
	return nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// KeyError is a value of a sidecar that is not allowed.
type KeyError struct{ Key, Fault string }

func (e *KeyError) Error() string { return e.Key + ": " + e.Fault }

func keyError(key, fault string) error { return &KeyError{"preprocess." + key, fault} }

// Placement maps model pixels to picture pixels: picture = model·Scale + Offset
// on both axes, in pixel-edge coordinates (0 is the left or upper edge).
type Placement struct {
	ScaleX, ScaleY   float64
	OffsetX, OffsetY float64
}

// Picture maps a point of the model's input to the picture.
func (p Placement) Picture(x, y float64) (px, py float64) {
	return x*p.ScaleX + p.OffsetX, y*p.ScaleY + p.OffsetY
}

// Input maps a point of the picture to the model's input.
func (p Placement) Input(px, py float64) (x, y float64) {
	return (px - p.OffsetX) / p.ScaleX, (py - p.OffsetY) / p.ScaleY
}
