package backend

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"strings"

	"picasso/backend/infer"
)

// maxRepair is the size of a file in bytes up to which its batch is freed on
// the CPU too, where batches bring little and opening twice costs time.
const maxRepair = 256 << 20

// maxReopened is the number of nodes up to which a model is opened again in a better
// form. The runtime takes 45 µs of processor time for each node of a session, so that
// the sessions of 100,000 nodes take seconds; classifiers have up to some thousands.
const maxReopened = 20_000

// slowToOpen tells whether every session of the model takes long to make.
func (m *Model) slowToOpen() bool { return len(m.File.Graph.Nodes) > maxReopened }

// freeBatch lets a model that was exported for one picture take several, where
// a batch of two different pictures gives what two single runs give. Otherwise
// the model stays as it is, and pictures are run one by one.
func (m *Model) freeBatch(ctx context.Context) error {
	tried := m.tried
	m.tried = nil
	if m.tellTraining() || !m.Input.Batched || m.Input.Pictures > 1 || m.Output.Whole {
		return nil
	}
	if !m.Input.FixedBatch {
		return m.checkBatch(ctx, tried)
	}
	if info, err := os.Stat(m.Path); err != nil || info.Size() > maxRepair && m.Provider() == "CPU" {
		return nil
	}
	if m.slowToOpen() {
		m.Say("batch", fmt.Sprintf("the file takes one picture at a time; with its %d nodes it is not opened in another form", len(m.File.Graph.Nodes)))
		return nil
	}
	one, two := m.Input.Pattern(), m.mirrored()
	var want [][]infer.Tensor
	for _, x := range []infer.Tensor{one, two} {
		in, err := m.Input.Feed([]infer.Tensor{x})
		if err != nil {
			return err
		}
		out, err := m.forward().Session.Run(ctx, []infer.Tensor{in})
		if err != nil {
			return ctx.Err()
		}
		want = append(want, out)
	}
	kept, edited := m.File, m.edited
	m.File, m.edited = m.File.Clone(), true
	m.File.UnfixBatch("batch")
	opened, err := m.openForward(ctx, m.scoring().Tensors()...)
	if err == nil {
		if err = m.sameTogether(ctx, opened, []infer.Tensor{one, two}, want); err == nil {
			m.forward().Session.Close()
			m.main, m.Input.FixedBatch = opened, false
			m.Say("batch", "the batch size of 1 in the file was made variable: two pictures together give the same results as each alone")
			return nil
		}
		opened.Session.Close()
	}
	m.File, m.edited = kept, edited
	m.Say("batch", "the file takes one picture at a time")
	return ctx.Err()
}

// tellTraining warns of nodes that were exported in training mode, and reports
// whether there are any. What they compute for a picture depends on the others
// of the batch, or on chance.
func (m *Model) tellTraining() bool {
	nodes := m.File.Training()
	if len(nodes) == 0 {
		return false
	}
	counts := map[string]int{}
	for _, n := range nodes {
		counts[n.OpType]++
	}
	var list []string
	for _, op := range slices.Sorted(maps.Keys(counts)) {
		list = append(list, fmt.Sprintf("%d × %s", counts[op], op))
	}
	m.Warn(fmt.Sprintf("The model was exported in training mode (%s; first: node %s): its scores are not those of the trained model, and have no gradient. Export it again after model.eval().",
		strings.Join(list, ", "), nodes[0].Label()))
	m.Say("batch", "layers in training mode make pictures depend on each other, so they are run one by one")
	m.Input.FixedBatch = true
	return true
}

// checkBatch finds out whether pictures of an open batch change each other's
// scores. Then they are run one by one. Where the graph shows that they cannot,
// nothing is run; otherwise two pictures are, once. tried is what the first run
// gave for the test pattern alone.
func (m *Model) checkBatch(ctx context.Context, tried []infer.Tensor) error {
	if len(tried) == 0 || m.File.Separate(m.Input.Name) {
		return nil
	}
	one, two := m.Input.Pattern(), m.mirrored()
	together, err := m.runTogether(ctx, one, two)
	if ctx.Err() != nil || errors.Is(err, infer.ErrOutOfMemory) || errors.Is(err, context.DeadlineExceeded) {
		return ctx.Err()
	}
	if err != nil {
		m.Say("batch", "the file takes one picture at a time, although it states otherwise")
		m.Input.FixedBatch = true
		return nil
	}
	if m.sameFirst(together, tried) {
		return nil
	}
	// Rounding may depend on the number of pictures: then their content does not matter.
	twice, err := m.runTogether(ctx, one, one)
	if err != nil || m.sameFirst(together, twice) {
		return ctx.Err()
	}
	m.Input.FixedBatch = true
	m.Say("batch", "pictures of one batch change each other's scores, so they are run one by one")
	m.Warn("The model mixes the pictures of a batch: the answer for one depends on the others. Pictures are therefore run one by one.")
	return nil
}

// mirrored is another picture than the test pattern.
func (m *Model) mirrored() infer.Tensor {
	t := m.Input.Pattern()
	slices.Reverse(t.Data)
	return t
}

func (m *Model) runTogether(ctx context.Context, pictures ...infer.Tensor) ([]infer.Tensor, error) {
	in, err := m.Input.Feed(pictures)
	if err != nil {
		return nil, err
	}
	limited, cancel := context.WithTimeout(ctx, trialTime)
	defer cancel()
	return m.forward().Session.Run(limited, []infer.Tensor{in})
}

// sameFirst compares the first picture's part of two runs.
func (m *Model) sameFirst(a, b []infer.Tensor) bool {
	f := m.forward()
	x, errA := f.Picture(a, 0, true, f.Tensors...)
	y, errB := f.Picture(b, 0, true, f.Tensors...)
	if errA != nil || errB != nil {
		return false
	}
	for k := range x {
		if !near(x[k].Data, y[k].Data) {
			return false
		}
	}
	return true
}

// errDiffers says that a batch gives other values than single runs.
var errDiffers = errors.New("a batch gives other values than single pictures do")

// sameTogether compares a batch with single runs.
func (m *Model) sameTogether(ctx context.Context, f *infer.Forward, pictures []infer.Tensor, want [][]infer.Tensor) error {
	in, err := m.Input.Feed(pictures)
	if err != nil {
		return err
	}
	got, err := f.Session.Run(ctx, []infer.Tensor{in})
	if err != nil {
		return err
	}
	for _, name := range f.Tensors {
		together, err := f.Tensor(got, name)
		if err != nil {
			return err
		}
		for i := range pictures {
			alone, err := m.forward().Tensor(want[i], name)
			if err != nil {
				return err
			}
			part, err := infer.Entry(together, i, m.Input.Batched)
			if err != nil || together.Shape[0] != len(pictures) || !near(part.Data, alone.Data) {
				return errDiffers
			}
		}
	}
	return nil
}

// near allows for sums in another order.
func near(a, b []float32) bool {
	if len(a) != len(b) {
		return false
	}
	scale := 1e-6
	for _, v := range b {
		scale = max(scale, math.Abs(float64(v)))
	}
	for i := range a {
		if d := math.Abs(float64(a[i] - b[i])); !(d <= 1e-4*scale) && a[i] != b[i] {
			return false
		}
	}
	return true
}
