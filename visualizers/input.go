package visualizers

import (
	"fmt"
)

// Check refuses an input whose tensor is not what the model takes; every
// visualizer that indexes the tensor relies on it.
func (in Input) Check() error {
	channels, height, width := in.Subject.Shape()
	s := in.Tensor.Shape
	if len(s) != 3 || s[0] != channels || s[1] != height || s[2] != width {
		return fmt.Errorf("the tensor of the picture has the shape %v, but the model needs [%d %d %d]", s, channels, height, width)
	}
	if len(in.Base.Probabilities) == 0 {
		return fmt.Errorf("the model's answer for the whole picture is missing")
	}
	return in.Tensor.Check()
}
