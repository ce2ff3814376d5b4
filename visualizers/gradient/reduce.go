package gradient

import (
	"fmt"
	"math"
	"strconv"

	"picasso/backend/infer"
	"picasso/visualizers"
)

// Settings that every per-pixel attribution shares: which channels to show,
// and how several become one number.
func reduceSetting(initial string) visualizers.Choice {
	return visualizers.Choice{
		Field: visualizers.Field{ID: "reduce", Title: "Channels as one",
			Doc:  "How the channels of a pixel are combined into one number: absmax (largest magnitude, as in Simonyan et al.), classic (magnitude of the largest value, as in the first Picasso), l2 (Euclidean length), mean or sum (both keep the sign).",
			Only: visualizers.When{Key: ChannelsSetting.ID, Is: "one"}},
		Options: []string{"absmax", "classic", "l2", "mean", "sum"}, Default: initial,
	}
}

var ChannelsSetting = visualizers.Choice{
	Field: visualizers.Field{ID: "channels", Title: "Show channels",
		Doc: "one: the channels combined into one map. all: each channel of the model's input separately. A number: only that channel (0 is the first)."},
	Options: []string{"one", "all"}, Number: true,
}

// signedReduction reports whether a reduction keeps the sign.
func signedReduction(name string) bool { return name == "sum" || name == "mean" }

// pixels turns an attribution of shape C×H×W into a map as the settings ask;
// target, unit and meaning are left to the caller.
func pixels(t infer.Tensor, reduce visualizers.Choice, v visualizers.Values) (visualizers.Map, error) {
	channels, height, width := t.Shape[0], t.Shape[1], t.Shape[2]
	m := visualizers.Map{Channels: 1, Height: height, Width: width, Signed: true, Fine: true}
	switch name := ChannelsSetting.In(v); name {
	case "one":
		how := reduce.In(v)
		m.Values, m.Signed = reduced(t, how), signedReduction(how)
	case "all":
		m.Channels, m.Apart, m.Values = channels, true, t.Data
	default:
		c, err := strconv.Atoi(name)
		if err != nil || c < 0 || c >= channels {
			return visualizers.Map{}, fmt.Errorf("channels: this model has no channel %s; choose one, all, or a number from 0 to %d", name, channels-1)
		}
		m.Values = t.Slice(c).Data
	}
	return m, nil
}

// reduced collapses the channels of every pixel.
func reduced(t infer.Tensor, how string) []float32 {
	channels, plane := t.Shape[0], t.Shape[1]*t.Shape[2]
	out := make([]float32, plane)
	values := make([]float64, channels)
	for i := range plane {
		for c := range channels {
			values[c] = float64(t.Data[c*plane+i])
		}
		out[i] = float32(reduction(values, how))
	}
	return out
}

func reduction(values []float64, how string) float64 {
	largest, magnitude, sum, square := math.Inf(-1), 0.0, 0.0, 0.0
	for _, x := range values {
		largest = max(largest, x)
		magnitude = max(magnitude, math.Abs(x))
		sum += x
		square += x * x
	}
	switch how {
	case "classic":
		return math.Abs(largest)
	case "l2":
		return math.Sqrt(square)
	case "mean":
		return sum / float64(len(values))
	case "sum":
		return sum
	}
	return magnitude
}
