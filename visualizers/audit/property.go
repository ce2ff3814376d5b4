package audit

import (
	"math"

	"picasso/backend/picture"
	"picasso/visualizers/audit/statistics"
)

// Property is something about a picture that has nothing to do with what it shows,
// and that a network may have learnt instead.
type Property struct {
	ID, Title string

	kept bool // the copies of a picture have it, whatever their size and quality
}

// Properties are those that are measured, in the order of [Measure]. Values are
// those of the picture as it is shown, black 0 and white 1.
var Properties = []Property{
	{"brightness", "brightness", true},
	{"contrast", "contrast", true},
	{"saturation", "colourfulness", true},
	{"sharpness", "sharpness", false},
	{"brightness_top", "brightness of the upper third", true},
	// Against the rest, because exposure makes whole pictures brighter.
	{"brightness_top_rest", "brightness of the upper third against the rest", true},
	{"saturation_top", "colourfulness of the upper third", true},
	{"brightness_border", "brightness of the border", true},
	{"width", "width", false},
	{"height", "height", false},
	{"aspect", "shape (width over height)", false},
	{"bytes", "size of the file", false},
}

// measured is the side that pictures are reduced to before they are measured, so
// that all cost the same.
const measured = 128

// Measure gives the properties of a picture; bytes is the size of its file, NaN
// where it is not known.
func Measure(m *picture.Image, bytes float64) []float64 {
	small := m.Resize(min(m.Width, measured), min(m.Height, measured), picture.Bilinear, true)
	light, saturation := shown(small)
	rows, columns := small.Height, small.Width
	above := third(rows) * columns
	mean, deviation := moments(light)
	colour, _ := moments(saturation)
	top, _ := moments(light[:above])
	rest, _ := moments(light[above:])
	colourTop, _ := moments(saturation[:above])
	return []float64{
		mean, deviation, colour, sharpness(light, rows, columns), top, top - rest, colourTop, ring(light, rows, columns),
		float64(m.Width), float64(m.Height), float64(m.Width) / float64(max(m.Height, 1)), bytes,
	}
}

// shown are the brightness (luma of Rec. 709) of every pixel as it is shown, and its
// saturation (of hue, saturation and value), 0…1.
func shown(m *picture.Image) (light, saturation []float64) {
	img := m.RGBA()
	light, saturation = make([]float64, m.Width*m.Height), make([]float64, m.Width*m.Height)
	for i := range light {
		p := img.Pix[4*i : 4*i+3]
		r, g, b := float64(p[0]), float64(p[1]), float64(p[2])
		light[i] = (0.2126*r + 0.7152*g + 0.0722*b) / 255
		if most := max(r, g, b); most > 0 {
			saturation[i] = (most - min(r, g, b)) / most
		}
	}
	return light, saturation
}

func moments(v []float64) (mean, deviation float64) {
	if len(v) == 0 {
		return 0, 0
	}
	for _, x := range v {
		mean += x
	}
	mean /= float64(len(v))
	square := 0.0
	for _, x := range v {
		square += (x - mean) * (x - mean)
	}
	return mean, math.Sqrt(square / float64(len(v)))
}

// sharpness is the variance of the Laplacian (Pech-Pacheco et al. 2000).
func sharpness(light []float64, rows, columns int) float64 {
	var edges []float64
	for y := 1; y < rows-1; y++ {
		for x := 1; x < columns-1; x++ {
			at := y*columns + x
			edges = append(edges, 4*light[at]-light[at-1]-light[at+1]-light[at-columns]-light[at+columns])
		}
	}
	_, deviation := moments(edges)
	return deviation * deviation
}

// ring is the mean of the outer tenth.
func ring(light []float64, rows, columns int) float64 {
	total, n := 0.0, 0
	for i, v := range light {
		y, x := i/columns, i%columns
		if min(y, rows-1-y) < border(rows) || min(x, columns-1-x) < border(columns) {
			total += v
			n++
		}
	}
	return total / float64(max(n, 1))
}

// Shortcut is how well a property tells an answer from the others, and how well it
// tells the label.
type Shortcut struct {
	Property Property
	// Answer and Label are the distances of the AUROC from ½, doubled: 0 where the
	// property tells nothing, 1 where it tells everything. Label is NaN without
	// labels, and where all are alike.
	Answer, Label float64
	Alike         bool    // there are labels, but all say the same of the class
	Higher        bool    // more of the property goes with the answer
	P             float64 // that it tells the answer by chance
}

// AUROC is that of the property for the answer, ½ or more.
func (s Shortcut) AUROC() float64 { return 0.5 + s.Answer/2 }

// rank orders pictures by each of [Properties]; list are those of picture i, nil
// where they are not known.
func rank(n int, list func(i int) Numbers) []statistics.Ranking {
	ranks := make([]statistics.Ranking, len(Properties))
	for k := range ranks {
		ranks[k] = statistics.Rank(n, func(i int) float64 {
			if v := list(i); v != nil {
				return float64(v[k])
			}
			return math.NaN()
		})
	}
	return ranks
}

// shortcuts compares every property with the answers, and with the labels where
// these are not nil, both by picture.
func shortcuts(ranks []statistics.Ranking, answered, label []statistics.Group) []Shortcut {
	var list []Shortcut
	for k, property := range Properties {
		auroc, p := ranks[k].Compare(answered)
		if math.IsNaN(auroc) {
			continue
		}
		s := Shortcut{Property: property, Answer: math.Abs(2*auroc - 1), Label: math.NaN(), Higher: auroc > 0.5, P: p}
		if label != nil {
			told, _ := ranks[k].Compare(label)
			s.Label, s.Alike = math.Abs(2*told-1), math.IsNaN(told)
		}
		list = append(list, s)
	}
	return list
}
