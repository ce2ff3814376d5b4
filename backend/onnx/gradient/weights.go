package gradient

import (
	"path/filepath"

	"picasso/backend/onnx"
)

// weights knows where the constants of the forward model lie, so that the
// backward model can refer to them instead of holding copies.
type weights struct {
	folder string      // where references start
	file   string      // name of the model's own file in it, "" in memory
	small  *onnx.Index // the model with references in place of weights
}

func locate(m *onnx.Model) (weights, error) {
	small, folder, err := m.Detach()
	if err != nil {
		return weights{}, err
	}
	w := weights{folder: folder, small: small.Graph.Index()}
	if m.Path != "" && len(m.External()) == 0 {
		real, err := filepath.EvalSymlinks(m.Path)
		if err != nil {
			return weights{}, err
		}
		w.file = filepath.Base(real)
	}
	return w, nil
}

// reference is a constant of the forward model for the backward model: in
// memory where it is, else as a range of bytes of a file.
func (w weights) reference(name string, t *onnx.Tensor) *onnx.Tensor {
	if small := w.small.Constant(name); small != nil {
		t = small
	}
	ref := *t
	ref.Name = name
	if ref.Span != nil && w.file != "" {
		ref.External = &onnx.External{Location: w.file, Offset: t.Span.Offset, Length: t.Span.Length}
		ref.Span = nil
	}
	return &ref
}
