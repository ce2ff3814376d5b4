package quarantine

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"picasso/backend/infer"
)

// answer is what the first run of a model in the child gave, so that the program
// need not make that run again.
type answer struct {
	Input   []byte  `json:"input"` // SHA-256 of what went in
	Outputs []value `json:"outputs"`
}

// value is one output of a run.
type value struct {
	Name  string `json:"name"`
	Shape []int  `json:"shape"`
	Data  []byte `json:"data"` // float32, little-endian
}

// largestAnswer is the size in bytes of answers that are worth handing on: beyond it
// the run is made again.
const largestAnswer = 4 << 20

// newAnswer describes a run, nil where that is not worth it.
func newAnswer(in []infer.Tensor, ports []infer.Port, out []infer.Tensor) *answer {
	if len(in) != 1 || len(ports) != len(out) {
		return nil
	}
	a, size := &answer{Input: digest(in[0])}, 0
	for i, t := range out {
		if size += 4 * len(t.Data); size > largestAnswer {
			return nil
		}
		data, err := binary.Append(nil, binary.LittleEndian, t.Data)
		if err != nil {
			return nil
		}
		a.Outputs = append(a.Outputs, value{ports[i].Name, t.Shape, data})
	}
	return a
}

// to gives the tensors of a run on an input, in the order of the ports; nil where
// the answer belongs to another run, or makes no sense: the child ran code that
// nobody vouches for.
func (a *answer) to(in infer.Tensor, ports []infer.Port) []infer.Tensor {
	if a == nil || len(a.Outputs) != len(ports) || !bytes.Equal(a.Input, digest(in)) {
		return nil
	}
	out := make([]infer.Tensor, len(ports))
	for k, p := range ports {
		i := slices.IndexFunc(a.Outputs, func(v value) bool { return v.Name == p.Name })
		if i < 0 || !a.Outputs[i].describes() {
			return nil
		}
		v := a.Outputs[i]
		out[k] = infer.NewTensor(v.Shape...)
		if _, err := binary.Decode(v.Data, binary.LittleEndian, out[k].Data); err != nil {
			return nil
		}
	}
	return out
}

// describes tells whether the shape is that of the data.
func (v value) describes() bool {
	n := 1
	for _, d := range v.Shape {
		if d < 0 || d > len(v.Data) || n > len(v.Data) {
			return false
		}
		n *= d
	}
	return 4*n == len(v.Data)
}

// digest is the SHA-256 of a tensor's shape and elements.
func digest(t infer.Tensor) []byte {
	h := sha256.New()
	// A hash takes every write, and these types have a fixed size.
	_ = binary.Write(h, binary.LittleEndian, int64(len(t.Shape)))
	for _, d := range t.Shape {
		_ = binary.Write(h, binary.LittleEndian, int64(d))
	}
	_ = binary.Write(h, binary.LittleEndian, t.Data)
	return h.Sum(nil)
}
