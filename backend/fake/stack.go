package fake

import "picasso/backend/infer"

// Stack joins tensors of one shape along a new first axis, copying.
func Stack(ts []infer.Tensor) infer.Tensor {
	if len(ts) == 0 {
		return infer.Tensor{Shape: []int{0}}
	}
	out := infer.Tensor{Shape: append([]int{len(ts)}, ts[0].Shape...)}
	out.Data = make([]float32, 0, infer.Elements(out.Shape))
	for _, t := range ts {
		out.Data = append(out.Data, t.Data...)
	}
	return out
}
