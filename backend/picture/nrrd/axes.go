package nrrd

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"picasso/backend/picture/volume"
)

// maxAxes is NRRD's own bound.
const maxAxes = 16

// axis is one axis of the array, the fastest first.
type axis struct {
	size      int
	kind      string    // "domain", "vector", "RGB-color"…, in small letters
	direction []float64 // of a step, in the file's space; nil where it is not of space
	spacing   float64   // 0 is unknown
	space     bool      // one of the (at most three) that make a volume
}

type axes []axis

// axes reads the fields that tell of every axis.
func (f fields) axes() (axes, error) {
	n, err := strconv.Atoi(f["dimension"])
	if err != nil || n < 2 || n > maxAxes {
		return nil, volume.Damaged("declares %.20q dimensions", f["dimension"])
	}
	out := make(axes, n)
	sizes := strings.Fields(f["sizes"])
	if len(sizes) != n {
		return nil, volume.Damaged("tells %d sizes for %d dimensions", len(sizes), n)
	}
	for i, text := range sizes {
		if out[i].size, err = strconv.Atoi(text); err != nil || out[i].size < 1 || out[i].size > 1<<24 {
			return nil, volume.Damaged("declares %.20q as one of its sizes", text)
		}
	}
	for i, kind := range strings.Fields(f["kinds"]) {
		if i < n {
			out[i].kind = strings.ToLower(kind)
		}
	}
	for i, text := range strings.Fields(f["spacings"]) {
		if v, err := strconv.ParseFloat(text, 64); err == nil && i < n && v-v == 0 {
			out[i].spacing = math.Abs(v)
		}
	}
	if text, ok := f["space directions"]; ok {
		if err := out.directions(text); err != nil {
			return nil, err
		}
	}
	out.choose()
	return out, nil
}

// directions reads "(1,0,0) none (0,1,0)".
func (a axes) directions(text string) error {
	i := 0
	for text = strings.TrimSpace(text); text != ""; i++ {
		if i >= len(a) {
			return volume.Damaged("tells more directions than it has axes")
		}
		if rest, ok := strings.CutPrefix(text, "none"); ok {
			text = strings.TrimSpace(rest)
			continue
		}
		v, rest, ok := vector(text)
		if !ok {
			return volume.Damaged("has %.40q as the direction of an axis", text)
		}
		a[i].direction, text = v, strings.TrimSpace(rest)
	}
	return nil
}

// vector reads "(1,0,0)" and gives what follows it.
func vector(text string) (v []float64, rest string, ok bool) {
	inside, rest, ok := strings.Cut(text, ")")
	if inside, open := strings.CutPrefix(inside, "("); ok && open {
		for _, word := range strings.Split(inside, ",") {
			x, err := strconv.ParseFloat(strings.TrimSpace(word), 64)
			if err != nil || x-x != 0 {
				return nil, "", false
			}
			v = append(v, x)
		}
		return v, rest, len(v) <= maxAxes
	}
	return nil, "", false
}

// choose finds the axes of space: those with a direction; else those whose kind
// says so or that have none, of which the first three.
func (a axes) choose() {
	directed := slices.ContainsFunc(a, func(x axis) bool { return x.direction != nil })
	found := 0
	for i := range a {
		x := &a[i]
		x.space = x.direction != nil
		if !directed {
			x.space = x.kind == "" || x.kind == "???" || x.kind == "none" || x.kind == "domain" || x.kind == "space"
		}
		if x.space = x.space && found < 3; x.space {
			found++
		}
	}
}

// arrange tells sizes and steps: of space, of colours, of further volumes.
func (a axes) arrange(h *volume.Header) error {
	h.Size = [3]int{1, 1, 1}
	step, space := int64(1), 0
	h.Step = [5]int64{1, 0, 0, 0, 0}
	for _, x := range a {
		switch {
		case x.space:
			h.Size[space], h.Step[space+1] = x.size, step
			space++
		case x.size == 1:
		case x.color() && h.Type == volume.Uint8 && h.Samples == 1:
			h.Samples, h.Step[0] = x.size, step
		case h.Volumes > 1:
			return volume.Unsupported("has more axes than a series of volumes", "save one of the volumes on its own")
		default:
			h.Volumes, h.Step[4] = x.size, step
		}
		if step > math.MaxInt64/16/int64(x.size) {
			return &volume.Error{Fault: "declares a volume larger than the program takes", Remedy: "save a smaller part of it", Err: volume.ErrTooLarge}
		}
		step *= int64(x.size)
	}
	if space < 2 {
		return volume.Unsupported("has fewer than two axes of space", "save it as a picture or a volume")
	}
	return nil
}

// color tells whether the numbers along the axis are those of one colour.
func (x axis) color() bool {
	switch x.kind {
	case "rgb-color", "3-color":
		return x.size == 3
	case "rgba-color", "4-color":
		return x.size == 4
	}
	return false
}

// place reads where the volume lies, as DICOM tells it.
func (f fields) place(h *volume.Header, all axes) error {
	left, back, known := sides(f["space"])
	var origin []float64
	if text, ok := f["space origin"]; ok {
		if origin, _, ok = vector(text); !ok {
			return volume.Damaged("has %.40q as its origin", text)
		}
	}
	h.Placed = known
	n := 0
	for _, x := range all {
		if !x.space {
			continue
		}
		h.Spacing[n] = x.spacing
		if x.direction != nil {
			h.Spacing[n] = norm(x.direction)
		}
		if len(x.direction) == 3 {
			h.Affine[0][n], h.Affine[1][n], h.Affine[2][n] = left*x.direction[0], back*x.direction[1], x.direction[2]
		} else {
			h.Placed = false
		}
		n++
	}
	if len(origin) == 3 {
		h.Affine[0][3], h.Affine[1][3], h.Affine[2][3] = left*origin[0], back*origin[1], origin[2]
	}
	if n == 2 { // one slice: across is what is left
		a := h.Affine
		for i := range 3 {
			j, k := (i+1)%3, (i+2)%3
			h.Affine[i][2] = a[j][0]*a[k][1] - a[k][0]*a[j][1]
		}
	}
	return nil
}

// sides are the signs that turn a space to left and back.
func sides(space string) (left, back float64, known bool) {
	switch strings.ToLower(strings.TrimSpace(space)) {
	case "left-posterior-superior", "lps":
		return 1, 1, true
	case "right-anterior-superior", "ras":
		return -1, -1, true
	case "left-anterior-superior", "las":
		return 1, -1, true
	}
	return 1, 1, false
}

func norm(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x * x
	}
	return math.Sqrt(sum)
}
