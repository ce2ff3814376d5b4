package backend

import (
	"math"

	"picasso/backend/onnx"
)

// bigNumber separates values meant for pixels 0…255 from those meant for 0…1.
const bigNumber = 16

// readStem learns the scale of the input from its type and first layers.
func readStem(f *facts, m *Model) {
	unit := [2]float64{1.0 / 255, 0}
	raw := [2]float64{1, 0}
	set := func(scale [2]float64, origin string) { f.setScale(scale, "graph: "+origin) }
	switch m.Input.Type {
	case onnx.Uint8:
		set(raw, "the input holds 8-bit pixels, 0…255")
	case onnx.Int8:
		set([2]float64{1, -128}, "the input holds signed 8-bit pixels, −128…127")
	case onnx.Uint16:
		set([2]float64{257, 0}, "the input holds 16-bit pixels, 0…65535")
	}
	if !m.Input.Type.IsFloat() {
		set(raw, "the input holds whole numbers: pixels 0…255 are taken")
		return
	}
	s := traceStem(m.File, m.Input.Name)
	switch {
	case s.divides >= bigNumber || s.subtracts >= bigNumber || s.multiplies > 0 && s.multiplies <= 1.0/bigNumber:
		if origin := f.origin["scale"]; origin != "" && !f.pre.Intensity.set() && math.Abs(f.pre.Scale[0])*255 < bigNumber {
			f.warn("The first layers of the model normalise pixels 0…255 themselves, but %s scales them to small numbers before: if the predictions look wrong, set \"scale\" to [1, 0] and no mean.", origin)
		}
		set(raw, "the first layers normalise pixels 0…255 themselves")
	case s.subtracts > 0 && s.subtracts <= 2:
		set(unit, "the first layers normalise values 0…1 themselves")
	}
}
