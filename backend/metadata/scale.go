package metadata

import (
	"fmt"
	"math"

	"picasso/backend/onnx"
	"picasso/backend/preprocess"
)

// BigNumber separates values meant for pixels 0…255 from those meant for 0…1.
const BigNumber = 16

// scaleByFirstLayers learns the scale of the input from its type and first layers.
func scaleByFirstLayers(f *Facts, in preprocess.Input, file *onnx.Model) {
	unit := [2]float64{1.0 / 255, 0}
	raw := [2]float64{1, 0}
	set := func(scale [2]float64, origin string) { f.SetScale(scale, "graph: "+origin) }
	switch in.Type {
	case onnx.Uint8:
		set(raw, "the input takes 8-bit pixels, 0…255")
	case onnx.Int8:
		set([2]float64{1, -128}, "the input takes signed 8-bit pixels, −128…127")
	case onnx.Uint16:
		if d := readFirstLayers(file, in.Name, in.Batched, in.Depth != 0).divisor(); d >= BigNumber && d <= 256 {
			set(raw, "the first layers divide by about 255: pixels 0…255")
		}
		set([2]float64{257, 0}, "the input takes 16-bit pixels, 0…65535")
	}
	if !in.Type.IsFloat() {
		set(raw, "the input takes whole numbers: pixels 0…255 are used")
		return
	}
	s := readFirstLayers(file, in.Name, in.Batched, in.Depth != 0)
	if s.trained != nil {
		s.trained.tell(f, in.Channels)
	}
	switch {
	case s.divides >= BigNumber || s.subtracts >= BigNumber || s.multiplies > 0 && s.multiplies <= 1.0/BigNumber:
		if origin := f.Origin["scale"]; origin != "" && !f.Pre.Intensity.IsSet() && math.Abs(f.Pre.Scale[0])*255 < BigNumber {
			f.Warn("The first layers of the model normalise pixels 0…255 themselves, but %s scales them to small numbers first. If the predictions look wrong, set \"scale\" to [1, 0] and remove the mean.", origin)
		}
		set(raw, "the first layers normalise pixels 0…255 themselves")
	case s.subtracts > 0 && s.subtracts <= 2:
		set(unit, "the first layers normalise values 0…1 themselves")
	}
}

// divisor is what the first layers divide by, 0 where they do not.
func (s firstLayers) divisor() float64 {
	if s.divides == 0 && s.multiplies > 0 {
		return 1 / s.multiplies
	}
	return s.divides
}

// tell sets the scale that gives natural pictures the statistics that the
// first layer was trained on: pixels 0…255 have a mean near 115 and a deviation
// near 65.
func (s statistics) tell(f *Facts, channels int) {
	origin := fmt.Sprintf("graph: the first layer was trained on values with mean %.2g and standard deviation %.2g", s.mean, s.deviation)
	within := func(mean, slack, low, high float64) bool {
		return math.Abs(s.mean-mean) < slack && s.deviation > low && s.deviation < high
	}
	switch {
	case s.deviation >= BigNumber:
		f.SetScale([2]float64{1, 0}, origin+": pixels 0…255")
	case within(0.45, 0.25, 0.1, 0.35):
		f.SetScale([2]float64{1.0 / 255, 0}, origin+": 0…1")
	case within(-0.1, 0.3, 0.35, 0.7):
		f.SetScale([2]float64{1 / 127.5, -1}, origin+": −1…1")
	case within(0, 0.5, 0.7, 1.6) && channels == 3:
		origin += ": ImageNet's mean and standard deviation are used"
		f.SetScale([2]float64{1.0 / 255, 0}, origin)
		f.SetMean(preprocess.ImageNetMean(), origin)
		f.SetStd(preprocess.ImageNetStd(), origin)
	}
}
