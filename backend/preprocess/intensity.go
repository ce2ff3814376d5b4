package preprocess

import (
	"fmt"
	"math"
	"slices"

	"picasso/backend/picture"
)

// Intensity maps raw values to 0…1, as medical pictures need it. At most one
// of its fields is set; none leaves the values as they are.
type Intensity struct {
	// Window is a centre and a width in raw units, such as Hounsfield units;
	// what lies outside is cut off.
	Window *Window `json:"window,omitempty"`
	// Range is the raw values that become 0 and 1; what lies outside is not
	// cut off unless Clip says so.
	Range []float64 `json:"range,omitempty"`
	// Percentile is two percentages of the picture's own values of the channel,
	// which become 0 and 1; what lies outside is cut off.
	Percentile []float64 `json:"percentile,omitempty"`
	// Depth maps what the bits of the picture's file can hold, whatever is in
	// it: 0…255 of ordinary pictures, 0…4095 of 12-bit X-rays, turned round
	// where small values are white.
	Depth bool `json:"depth,omitempty"`
	// Standard makes the mean of the picture's own values of the channel 0 and
	// their standard deviation 1; nothing is cut off.
	Standard bool `json:"standard,omitempty"`
	// NonZero leaves values of 0, which surround what was cut out of a scan, out of
	// percentiles and of the mean and deviation; the latter leave them 0.
	NonZero bool `json:"nonzero,omitempty"`
}

// Window is a range of raw values by its middle and its length.
type Window struct {
	Center float64 `json:"center"`
	Width  float64 `json:"width"`
}

func (i Intensity) IsSet() bool {
	return i.Window != nil || len(i.Range) == 2 || len(i.Percentile) == 2 || i.Depth || i.Standard
}

// measured reports a map that the picture's own values decide.
func (i Intensity) measured() bool { return len(i.Percentile) == 2 || i.Depth || i.Standard }

func (p Preprocess) checkIntensity() error { return p.Intensity.check("") }

// Windowed reports whether raw values are mapped to 0…1 before the scale.
func (p Preprocess) Windowed() bool {
	return p.Intensity.IsSet() || slices.ContainsFunc(p.Channels, func(c Channel) bool { return c.Intensity.IsSet() })
}

// AllMapped are the channels with 0…255 made 0…1 where a channel has no map of
// its own beside others that have one.
func (p Preprocess) AllMapped() []Channel {
	out := slices.Clone(p.Channels)
	for i := range out {
		if !p.Intensity.IsSet() && !out[i].Intensity.IsSet() {
			out[i].Range = []float64{0, 255}
		}
	}
	return out
}

func (i Intensity) check(prefix string) error {
	given := 0
	for _, set := range []bool{i.Window != nil, i.Range != nil, i.Percentile != nil, i.Depth, i.Standard} {
		if set {
			given++
		}
	}
	if given > 1 {
		return NewKeyError(prefix+"window", "only one of window, range, percentile, depth and standard can be given")
	}
	if i.NonZero && i.Percentile == nil && !i.Standard {
		return NewKeyError(prefix+"nonzero", "goes with percentile or standard")
	}
	if w := i.Window; w != nil && (!(w.Width > 0) || math.IsInf(w.Width, 0) || Finite("", []float64{w.Center}) != nil) {
		return NewKeyError(prefix+"window", "needs a finite center and a width above 0")
	}
	if r := i.Range; r != nil && (len(r) != 2 || r[0] == r[1] || Finite("", r) != nil) {
		return NewKeyError(prefix+"range", "needs two different values, which are mapped to 0 and 1")
	}
	if q := i.Percentile; q != nil && (len(q) != 2 || !(q[0] >= 0 && q[0] < q[1] && q[1] <= 100)) {
		return NewKeyError(prefix+"percentile", "needs two percentages from 0 to 100, the lower first")
	}
	return nil
}

// limits are the raw values that become 0 and 1. Percentiles and depth are only
// known once a picture is measured; before that, those of evenly spread 8-bit
// values stand in.
func (i Intensity) limits() [2]float64 {
	switch {
	case i.Window != nil:
		return [2]float64{i.Window.Center - i.Window.Width/2, i.Window.Center + i.Window.Width/2}
	case len(i.Range) == 2:
		return [2]float64(i.Range)
	case len(i.Percentile) == 2:
		return [2]float64{i.Percentile[0] * 2.55, i.Percentile[1] * 2.55}
	case i.Depth:
		return [2]float64{0, 255}
	case i.Standard: // of evenly spread 8-bit values
		return [2]float64{127.5, 127.5 + 73.6}
	}
	return [2]float64{0, 1}
}

// unit maps a raw value by the limits.
func (i Intensity) unit(v float64, limits [2]float64) float64 {
	if i.Standard && i.NonZero && v == 0 {
		return 0
	}
	v = (v - limits[0]) / (limits[1] - limits[0])
	if len(i.Range) == 2 || i.Depth || i.Standard {
		return v
	}
	return min(max(v, 0), 1)
}

// measureAll measures the channels by the picture, and by its other volumes. The
// neighbours of a slice are much like it.
func measureAll(maps []channelMap, img *picture.Image) {
	for c, m := range maps {
		measured := slices.ContainsFunc(maps[:c], func(before channelMap) bool { return before.at == m.at })
		if measured || !m.intensity.measured() {
			continue
		}
		if from, err := (origin{volume: m.at.volume}).of(img); err == nil {
			measure(maps, m.at, from)
		}
	}
}

// measure replaces percentiles and depth of the channels from one picture by the
// picture's own.
func measure(maps []channelMap, at origin, img *picture.Image) {
	for c := range maps {
		m := &maps[c]
		if m.at != at {
			continue
		}
		if len(m.intensity.Percentile) == 2 || m.intensity.Standard {
			m.limits = m.intensity.limitsOf(sample(img, m.source))
		}
		if m.intensity.Depth {
			d := img.Depth()
			m.limits = [2]float64{float64(d[0]), float64(d[1])}
		}
	}
}

// limitsOf are the limits by percentiles, or by mean and deviation, of sorted
// values.
func (i Intensity) limitsOf(sorted []float32) [2]float64 {
	if i.NonZero {
		sorted = slices.DeleteFunc(sorted, func(v float32) bool { return v == 0 })
	}
	if i.Standard {
		mean, deviation := moments(sorted)
		return [2]float64{mean, mean + deviation}
	}
	low, high := percentile(sorted, i.Percentile[0]), percentile(sorted, i.Percentile[1])
	if low == high {
		high = low + 1 // a flat picture becomes 0
	}
	return [2]float64{low, high}
}

// moments are the mean and the standard deviation of values, 1 where they do not
// differ.
func moments(values []float32) (mean, deviation float64) {
	n := float64(len(values))
	for _, v := range values {
		mean += float64(v) / n
	}
	for _, v := range values {
		deviation += (float64(v) - mean) * (float64(v) - mean) / n
	}
	if deviation = math.Sqrt(deviation); deviation == 0 {
		deviation = 1
	}
	return mean, deviation
}

// maxSample bounds the values that percentiles are taken from.
const maxSample = 1 << 20

// sample is the values of one source, sorted: all of a picture of ordinary
// size, evenly spread rows of a large one. Padding and what is no finite number
// are left out.
func sample(img *picture.Image, source channelSource) []float32 {
	step := 1 + img.Width*img.Height/maxSample
	values := make([]float32, 0, img.Width*(img.Height/step+1))
	row := make([]float32, img.Width*img.Channels)
	line := make([]float32, img.Width)
	for y := 0; y < img.Height; y += step {
		img.Row(y, row)
		source.read(line, row, img.Channels)
		for x, v := range line {
			if !img.Empty(y*img.Width + x) {
				values = append(values, v)
			}
		}
	}
	slices.Sort(values)
	return values
}

// percentile interpolates linearly between sorted values, as NumPy does.
func percentile(sorted []float32, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	at := q / 100 * float64(len(sorted)-1)
	i := min(int(at), len(sorted)-1)
	next := min(i+1, len(sorted)-1)
	f := at - float64(i)
	return float64(sorted[i])*(1-f) + float64(sorted[next])*f
}

// String writes the map in a few words, "" where there is none.
func (i Intensity) String() string {
	switch {
	case i.Window != nil:
		return fmt.Sprintf("window %g ± %g", i.Window.Center, i.Window.Width/2)
	case len(i.Range) == 2:
		return fmt.Sprintf("range %g…%g", i.Range[0], i.Range[1])
	case len(i.Percentile) == 2:
		return fmt.Sprintf("percentile %g…%g", i.Percentile[0], i.Percentile[1])
	case i.Depth:
		return "bit depth of the file"
	case i.Standard && i.NonZero:
		return "mean 0 and deviation 1 of what is not 0"
	case i.Standard:
		return "mean 0 and deviation 1 of the picture"
	}
	return ""
}
