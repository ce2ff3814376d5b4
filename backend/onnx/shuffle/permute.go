package shuffle

import (
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"

	"picasso/backend/onnx"
)

// Kind says where other values of a weight come from.
type Kind string

// Kinds of draws.
const (
	// Permute puts a tensor's own values into another order: mean, variance, type
	// and range of quantisation stay as they were.
	Permute Kind = "permute"
	// He draws from N(0, 2/fan-in) and sets biases to 0 (He et al. 2015), as
	// networks are before training.
	He Kind = "he"
)

// source is the chance of one tensor: another for every seed and name, so that
// two layers of one shape never get the same order.
func source(seed uint64, name string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(name))
	return rand.New(rand.NewPCG(seed^h.Sum64(), h.Sum64()))
}

// rest is the number of elements after which the context is asked again.
const rest = 1 << 20

// permute puts elements of size bytes into another order, all orders being
// equally probable (Fisher and Yates; Durstenfeld 1964).
func permute(ctx context.Context, data []byte, size int, r *rand.Rand) error {
	var kept [16]byte
	for i := len(data)/size - 1; i > 0; i-- {
		if i%rest == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		j := int(r.Uint64N(uint64(i + 1)))
		a, b := data[i*size:(i+1)*size], data[j*size:(j+1)*size]
		copy(kept[:size], a)
		copy(a, b)
		copy(b, kept[:size])
	}
	return nil
}

// he overwrites data with values of an untrained network.
func he(ctx context.Context, data []byte, t *onnx.Tensor, w Weight, r *rand.Rand) error {
	size := t.Type.Size()
	if w.Bias {
		clear(data)
		return nil
	}
	if w.Scale != "" || !t.Type.IsFloat() {
		return notDrawn(w)
	}
	deviation := math.Sqrt(2 / float64(w.FanIn))
	for i := 0; i*size < len(data); i++ {
		if i%rest == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		t.Type.Append(data[i*size:i*size], deviation*r.NormFloat64())
	}
	return nil
}

func notDrawn(w Weight) error {
	return fmt.Errorf("the weights %.160q are quantised, so none can be drawn anew for them; shuffle them instead (permute)", w.Tensor)
}
