package visualizers

import (
	"picasso/backend/infer"
)

// Masked multiplies every channel by a mask: hidden pixels become zero in the
// model's own units, as in the paper.
func Masked(t infer.Tensor, mask []float32) infer.Tensor {
	out := t.Clone()
	for i := range out.Data {
		out.Data[i] *= mask[i%len(mask)]
	}
	return out
}
