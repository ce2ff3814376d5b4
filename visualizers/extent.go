package visualizers

import (
	"cmp"
	"fmt"
	"image"
	"math"
	"strconv"
	"strings"
)

// Length is a distance in pixels of the model's input, or in per cent of the
// input's side along the same axis.
type Length struct {
	Value   float64
	Percent bool
}

// Pixels resolves the length on a side of the given number of pixels: rounded,
// at least 1.
func (l Length) Pixels(side int) int {
	x := l.Value
	if l.Percent {
		x = x / 100 * float64(side)
	}
	return max(1, int(math.Round(x)))
}

func (l Length) String() string {
	text := strconv.FormatFloat(l.Value, 'g', -1, 64)
	if l.Percent {
		text += "%"
	}
	return text
}

// Span is a width and a height.
type Span struct{ X, Y Length }

// Square is a span of n pixels on both axes.
func Square(n int) Span {
	l := Length{Value: float64(n)}
	return Span{l, l}
}

// Pixels resolves the span on an input of the given size.
func (s Span) Pixels(width, height int) image.Point {
	return image.Pt(s.X.Pixels(width), s.Y.Pixels(height))
}

// String writes "32", "20%" or "24x16" (width first).
func (s Span) String() string {
	if s.X == s.Y {
		return s.X.String()
	}
	return s.X.String() + "x" + s.Y.String()
}

// Extent is a size in pixels of the model's input or per cent of it: "32",
// "20%", "24x16" (width × height), "10%x20%". Its value is a [Span]. It is
// [Scaled].
type Extent struct {
	Field
	// Share is the default in per cent of the input's shorter side; a subject
	// turns it into pixels.
	Share float64
	// Volume is the default share for models of volumes, of which a run takes a window
	// more on each of three axes; 0 is Share.
	Volume float64
}

// maxPixels bounds an extent: no model has an input this wide.
const maxPixels = 1 << 16

// In reads the setting, resolved to pixels of an input of the given size.
func (s Extent) In(v Values, width, height int) image.Point {
	return read(v, s.ID, shared(s.Share)).Pixels(width, height)
}

// InVolume reads the setting, resolved to voxels of an input of the given depth, height
// and width: it is as deep as it is wide, in voxels or in per cent of its side.
func (s Extent) InVolume(v Values, sides [3]int) [3]int {
	span := read(v, s.ID, shared(cmp.Or(s.Volume, s.Share)))
	return [3]int{span.X.Pixels(sides[0]), span.Y.Pixels(sides[1]), span.X.Pixels(sides[2])}
}

// Range is from the smallest to the largest useful size, for a slider: pixels, or of
// models of volumes per cent of each side. [Extent.At] is the size.
func (s Extent) Range(of Subject) (low, high int) {
	if DepthOf(of) > 0 {
		return 1, 100
	}
	width, height := sidesOf(of)
	return 1, max(height, width)
}

// At is a size of [Extent.Range]. A volume often has far fewer slices than columns, and
// so the same number of voxels on each axis would cover half of one and a tenth of another.
func (s Extent) At(of Subject, n int) Span {
	if DepthOf(of) > 0 {
		return shared(float64(n))
	}
	return Square(n)
}

// Place is where a size lies in [Extent.Range], that of its width.
func (s Extent) Place(of Subject, v Span) int {
	width, height := sidesOf(of)
	n := v.Pixels(width, height).X
	switch {
	case DepthOf(of) == 0:
		return n
	case v.X.Percent:
		return int(math.Round(v.X.Value))
	}
	return int(math.Round(100 * float64(n) / float64(max(width, 1))))
}

// Initial is the default share of the shorter side in whole pixels; of models of
// volumes the share of each side, and without a subject that of pictures.
func (s Extent) Initial(of Subject) any {
	if of == nil {
		return shared(s.Share)
	}
	if DepthOf(of) > 0 {
		return shared(cmp.Or(s.Volume, s.Share))
	}
	width, height := sidesOf(of)
	return Square(Length{s.Share, true}.Pixels(min(height, width)))
}

// shared is a span of so many per cent of each side.
func shared(percent float64) Span {
	l := Length{percent, true}
	return Span{l, l}
}

// sidesOf are those of a picture, or of a slice.
func sidesOf(of Subject) (width, height int) {
	_, height, width = of.Shape()
	return width, height / max(1, DepthOf(of))
}

// Parse reads "32", "20%", "24x16", "24 × 16" or a mixture, width first.
func (s Extent) Parse(text string) (any, error) {
	plain := strings.NewReplacer("×", "x", "px", "").Replace(strings.ToLower(text))
	across, down, two := strings.Cut(plain, "x")
	if !two {
		down = across
	}
	x, okX := parseLength(across)
	y, okY := parseLength(down)
	if !okX || !okY {
		return nil, fmt.Errorf("%s: %q is not a size; write pixels (32), per cent (20%%) or width x height (24x16)", s.ID, text)
	}
	span := Span{x, y}
	return span, s.Check(span)
}

func parseLength(text string) (Length, bool) {
	number, percent := strings.CutSuffix(strings.TrimSpace(text), "%")
	x, ok := finite(strings.TrimSpace(number))
	return Length{x, percent}, ok
}

// Keep implements [Scaled]: "32 of 224x224". Per cent follow the input as they
// are.
func (s Extent) Keep(of Subject, v any) string {
	span, ok := v.(Span)
	if !ok || of == nil || span.X.Percent && span.Y.Percent {
		return s.Format(v)
	}
	width, height := sidesOf(of)
	return fmt.Sprintf("%v%s%dx%d", span, keptOn, width, height)
}

// keptOn stands between a span and the input that it was chosen for.
const keptOn = " of "

// Recall implements [Scaled]: pixels become as many of the input's shorter side
// as they were before, and at least 1.
func (s Extent) Recall(of Subject, text string) (any, error) {
	plain, size, kept := strings.Cut(text, keptOn)
	v, err := s.Parse(plain)
	if err != nil || !kept || of == nil {
		return v, err
	}
	was, err := s.Parse(size)
	if err != nil {
		return nil, err
	}
	width, height := sidesOf(of)
	from, now := was.(Span), Span{Length{Value: float64(width)}, Length{Value: float64(height)}}
	if from == now {
		return v, nil
	}
	share := min(now.X.Value, now.Y.Value) / min(from.X.Value, from.Y.Value)
	span := v.(Span)
	for _, l := range []*Length{&span.X, &span.Y} {
		if !l.Percent {
			l.Value = min(max(1, math.Round(l.Value*share)), maxPixels)
		}
	}
	return span, nil
}

// Format writes the span.
func (s Extent) Format(v any) string { return fmt.Sprint(v) }

// Check refuses anything but a span above 0 and up to 100 % (or a generous
// number of whole pixels).
func (s Extent) Check(v any) error {
	span, ok := v.(Span)
	if !ok {
		return wrongType(s.ID, "a size", v)
	}
	for _, l := range []Length{span.X, span.Y} {
		switch {
		case l.Percent && !(l.Value > 0 && l.Value <= 100):
			return fmt.Errorf("%s: %v is outside 0…100%%", s.ID, l)
		case !l.Percent && !(l.Value >= 1 && l.Value <= maxPixels):
			return fmt.Errorf("%s: %v px is outside 1…%d px", s.ID, l, maxPixels)
		case !l.Percent && l.Value != math.Trunc(l.Value):
			return fmt.Errorf("%s: %v px is not a whole number of pixels", s.ID, l)
		}
	}
	return nil
}

// Spec describes the setting.
func (s Extent) Spec() Spec {
	d := s.spec("extent", s.Format(s.Initial(nil)))
	low, high, step := 1.0, float64(maxPixels), 1.0
	d.Min, d.Max, d.Step, d.Model = &low, &high, &step, true
	return d
}
