package gradient

import (
	"fmt"
	"strconv"
	"strings"

	"picasso/backend/onnx"
)

// inside is where a tensor of the forward pass lies between two bounds, low < x < high: 1
// there, else 0, one byte for each element. The forward pass gives it in place of the
// tensor to a backward pass that needs no more: a quarter of the memory, written and read.
type inside struct {
	tensor    string
	low, high float32
}

// insidePrefix begins the names under which plans ask for it.
const insidePrefix = "inside"

func (i inside) name() string {
	return fmt.Sprint(insidePrefix, " ", i.low, " ", i.high, " ", i.tensor)
}

// parseInside reads a name; ok is false for those of tensors.
func parseInside(name string) (i inside, ok bool) {
	part := strings.SplitN(name, " ", 4)
	if len(part) < 4 || part[0] != insidePrefix {
		return inside{}, false
	}
	low, err := strconv.ParseFloat(part[1], 32)
	if err != nil {
		return inside{}, false
	}
	high, err := strconv.ParseFloat(part[2], 32)
	return inside{part[3], float32(low), float32(high)}, err == nil
}

// inside brings it into the backward model.
func (b *builder) inside(i inside) string {
	name := i.name()
	if b.known[name] != "" || b.err != nil {
		return b.known[name]
	}
	defer b.around()()
	b.activation(name, onnx.Uint8, b.fact(i.tensor))
	b.known[name] = name
	return name
}

// write adds it to a forward model.
func (i inside) write(b *builder) string {
	return b.kernel("Inside", []string{i.tensor}, onnx.FloatAttr("low", i.low), onnx.FloatAttr("high", i.high))
}
