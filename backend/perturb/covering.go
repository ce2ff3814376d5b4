package perturb

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/preprocess"
	"picasso/backend/score"
)

// covering is the model with a graph that covers the picture by itself. The
// session is made on first use.
type covering struct {
	host  Host
	jobs  *infer.Jobs
	tried atomic.Bool // opening is over
	wrong atomic.Bool // disagreed with full inference
	right atomic.Bool // agreed with it

	mu      sync.Mutex
	forward *infer.Forward // nil where there is none
	names   onnx.Covering
	err     error // why there is none
}

// ready reports whether it is known what there is.
func (c *covering) ready() bool { return c.tried.Load() }

// open makes the session on first use. A [*NoGainError] says why the model
// cannot be covered inside its graph.
func (c *covering) open(ctx context.Context) error {
	return c.jobs.Await(ctx, fmt.Sprintf("cover %p", c), func(life context.Context) error {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.tried.Load() {
			return c.err
		}
		if c.err = c.make(life); life.Err() == nil {
			c.tried.Store(true)
		}
		return c.err
	})
}

// make rewrites the model and opens it. c.mu is held.
func (c *covering) make(ctx context.Context) error {
	in := c.host.Input()
	if in.FixedBatch || !in.Batched || in.Pictures > 1 {
		return &NoGainError{Reason: "The model takes one picture at a time, so it cannot cover copies inside its graph."}
	}
	small, folder, err := c.host.Graph().Detach()
	if err != nil {
		return err
	}
	axes := make([]int, rankOf(in))
	for k := range axes {
		axes[k] = k + c.before()
	}
	var shape []int64
	for _, n := range in.Axes() {
		shape = append(shape, int64(n))
	}
	if c.names, err = small.CoverInput(in.Name, shape, axes...); err != nil {
		return &NoGainError{Reason: fmt.Sprintf("The picture cannot be covered inside the graph: %v.", err)}
	}
	tensors := c.host.Reader().Tensors()
	if err := small.Graph.Expose(tensors...); err != nil {
		return err
	}
	small.Graph.KeepOutputs(tensors...)
	data, err := small.Encode()
	if err != nil {
		return err
	}
	c.forward, err = c.host.OpenForward(ctx, infer.Source{Bytes: data, Folder: folder})
	return err
}

// before is the number of axes between that of the batch and those of places.
func (c *covering) before() int {
	if c.host.Input().Layout == preprocess.NHWC {
		return 0
	}
	return 1
}

// close ends the session.
func (c *covering) close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tried.Store(true)
	c.err = infer.ErrClosed
	if c.forward == nil {
		return nil
	}
	err := c.forward.Session.Close()
	c.forward = nil
	return err
}

// coveredRun scores copies of one picture that the graph covers.
type coveredRun struct {
	*covering
	image, fill infer.Tensor // in the file's layout, batch of 1
	weights     func(changed Box) [3][]float32
}

// start opens what covers copies of base by a occluder inside the graph.
func (c *covering) start(ctx context.Context, base infer.Tensor, occluder *Occluder) (*coveredRun, error) {
	if occluder == nil {
		return nil, &NoGainError{Reason: "It is not known how the copies are covered, so they cannot be covered inside the graph."}
	}
	if err := c.open(ctx); err != nil {
		return nil, err
	}
	if c.wrong.Load() {
		return nil, &NoGainError{Reason: "Covering inside the graph gave different results on this model before."}
	}
	r := &coveredRun{covering: c, weights: occluder.Weights}
	var err error
	if r.image, err = c.host.Input().Feed([]infer.Tensor{base}); err == nil {
		r.fill, err = c.host.Input().Feed([]infer.Tensor{occluder.Fill})
	}
	return r, err
}

func (r *coveredRun) engine() Engine { return GraphEngine }

func (r *coveredRun) setup() float64 { return 0 }

func (r *coveredRun) class() Size { return Size{} }

func (r *coveredRun) proven() bool { return r.right.Load() }

func (r *coveredRun) prove() { r.right.Store(true) }

func (r *coveredRun) disprove() { r.wrong.Store(true) }

func (r *coveredRun) release() {}

func (r *coveredRun) score(ctx context.Context, batch []infer.Tensor, changed []Box) ([]score.Scores, float64, error) {
	out := make([]score.Scores, 0, len(batch))
	for len(changed) > 0 {
		n := min(len(changed), r.host.Batch())
		scores, err := r.run(ctx, changed[:n])
		if err != nil {
			return nil, 0, err
		}
		out, changed = append(out, scores...), changed[n:]
	}
	return out, float64(len(batch)), nil
}

// run scores the copies covered in some boxes together.
func (r *coveredRun) run(ctx context.Context, changed []Box) ([]score.Scores, error) {
	r.mu.Lock()
	f, err := r.forward, r.err
	r.mu.Unlock()
	if err != nil {
		return nil, err
	}
	given := map[string]infer.Tensor{r.names.Image: r.image, r.names.Fill: r.fill}
	for k, weights := range r.boxes(changed) {
		given[r.names.Weights[k]] = weights
	}
	var inputs []infer.Tensor
	for _, p := range f.Session.Inputs() {
		inputs = append(inputs, given[p.Name])
	}
	outputs, err := f.Session.Run(ctx, inputs)
	if err != nil {
		return nil, err
	}
	return r.host.Reader().ReadAll(f, outputs, len(changed), true, "the model that covers its picture")
}

// boxes writes boxes as weights along each axis of places.
func (r *coveredRun) boxes(changed []Box) []infer.Tensor {
	in := r.host.Input()
	sides, rank := sidesOf(in), rankOf(in)
	out := make([]infer.Tensor, rank)
	for k := range out {
		axis := len(sides) - rank + k
		shape := slices.Repeat([]int{1}, rank+2)
		shape[0], shape[1+r.before()+k] = len(changed), sides[axis]
		out[k] = infer.NewTensor(shape...)
		for i, b := range changed {
			line := out[k].Data[i*sides[axis]+b.From[axis] : i*sides[axis]+b.To[axis]]
			if r.weights != nil {
				copy(line, r.weights(b)[axis])
				continue
			}
			for j := range line {
				line[j] = 1
			}
		}
	}
	return out
}
