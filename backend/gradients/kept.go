package gradients

import (
	"context"
	"errors"
	"slices"

	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/score"
)

// ErrApart says that answers and gradients of a model come out of different graphs.
var ErrApart = errors.New("the gradients of this model are computed in another form of it than its answers")

// Kept is a run of one picture that gave its answer, and whose tensors wait for
// gradients with respect to a layer. It must be closed.
type Kept struct {
	Answer   score.Scores
	Features []float32 // as [Differentiator.Featured] gives them; nil where they were not asked for
	Layer    string

	d    *Differentiator
	plan *backward
	pass *pass
}

// keeping is how runs for a plan are kept: by a forward session that gives the answer, too.
type keeping struct {
	forward  *exposed
	features *featured // nil where they are not asked for
	err      error     // why there is none
}

// keepKey tells ways of keeping apart.
type keepKey struct {
	plan     planKey
	features bool
}

// KeptRun answers for one picture and keeps what [Kept.LayerGradient] needs, so that both
// take one run of the model. from is the score of the targets to come. Where answers and
// gradients come out of different graphs it is [ErrApart]: then they take a run each.
func (d *Differentiator) KeptRun(ctx context.Context, layer string, from score.Score, x infer.Tensor, features bool) (k *Kept, err error) {
	err = d.judged(ctx, func() error {
		k, err = d.runKept(ctx, layer, from, x, features)
		return err
	})
	return k, err
}

func (d *Differentiator) runKept(ctx context.Context, layer string, from score.Score, x infer.Tensor, features bool) (*Kept, error) {
	if err := d.ready(ctx); err != nil {
		return nil, err
	}
	key := planKey{seed: d.seedFor(score.ClassTarget(0, from)), wrt: layer, rule: score.ExactRectifier}
	how, err := d.keepingFor(ctx, keepKey{key, features})
	if err != nil {
		return nil, err
	}
	plan, err := d.backward(ctx, key)
	if err != nil {
		return nil, err
	}
	p, err := d.run(ctx, how.forward, []infer.Tensor{x})
	if err != nil {
		return nil, err
	}
	k := &Kept{Layer: layer, d: d, plan: plan, pass: p}
	if err := k.read(how); err != nil {
		k.Close()
		return nil, err
	}
	return k, nil
}

// answers reports whether the graph that is differentiated computes what the model does:
// it has the same operators, and what depends on the picture is float32 in both. How
// weights are stored makes no difference.
func (d *Differentiator) answers() bool {
	if d.graph == d.plain {
		return true
	}
	input := d.host.Input().Name
	if v := d.plain.Graph.Index().Input(input); v == nil || v.Type != onnx.Float {
		return false
	}
	count := map[string]int{}
	for _, n := range d.graph.Graph.Nodes {
		count[n.Domain+"."+n.OpType]++
	}
	depends := map[string]bool{input: true}
	for _, n := range d.plain.Graph.Nodes {
		count[n.Domain+"."+n.OpType]--
		if !slices.ContainsFunc(n.Inputs, func(name string) bool { return depends[name] }) {
			continue
		}
		if n.Is("Cast") {
			return false
		}
		for _, name := range n.Outputs {
			depends[name] = true
		}
	}
	delete(count, ".Cast")
	delete(count, "ai.onnx.Cast")
	for _, more := range count {
		if more != 0 {
			return false
		}
	}
	return true
}

// keepingFor opens what a way of keeping needs, once.
func (d *Differentiator) keepingFor(ctx context.Context, key keepKey) (*keeping, error) {
	d.mu.Lock()
	how := d.kept[key]
	d.mu.Unlock()
	if how == nil || how.forward != nil && how.forward.failed() {
		how = &keeping{}
		if how.err = d.openKeeping(ctx, key, how); how.err != nil && (ctx.Err() != nil || errors.Is(how.err, infer.ErrClosed)) {
			return nil, how.err // another time
		}
		d.mu.Lock()
		d.kept[key] = how
		d.mu.Unlock()
	}
	return how, how.err
}

func (d *Differentiator) openKeeping(ctx context.Context, key keepKey, how *keeping) (err error) {
	if !d.answers() || d.varies(key.plan.wrt) {
		return ErrApart
	}
	tensors := d.host.Reader().Tensors()
	if key.features {
		if how.features, err = d.featuring(ctx); err != nil {
			return err
		}
		tensors = append(slices.Clone(tensors), how.features.Tensor)
	}
	d.mu.Lock()
	plan, err := d.plan(ctx, key.plan)
	if err == nil { // before the plan's own, which this one serves for
		how.forward, err = d.expose(append(d.needs(plan, key.plan), tensors...))
	}
	d.mu.Unlock()
	return err
}

// read takes the answer and the features out of the pass.
func (k *Kept) read(how *keeping) error {
	host, e := k.d.host, how.forward
	names := host.Reader().Tensors()
	if how.features != nil {
		names = append(slices.Clone(names), how.features.Tensor)
	}
	outputs := make([]infer.Tensor, len(e.tensors))
	for _, name := range names {
		t, err := k.pass.value(name).Tensor()
		if err != nil {
			return err
		}
		outputs[slices.Index(e.tensors, name)] = t.Clone() // the pass goes
	}
	answers, err := host.Reader().ReadAll(infer.NewForward(k.pass.session, infer.Source{}, e.tensors...), outputs, 1, host.Input().Batched, host.Name())
	if err != nil {
		return err
	}
	k.Answer = answers[0]
	if how.features != nil {
		at := slices.Index(e.tensors, how.features.Tensor)
		k.Features, err = how.features.vector(outputs[at], max(1, host.Input().Pictures))
	}
	return err
}

// LayerGradient is [Differentiator.LayerGradient] of the picture and the layer.
func (k *Kept) LayerGradient(ctx context.Context, targets []score.Target) (activation infer.Tensor, gradients []infer.Tensor, err error) {
	read, err := k.d.layer(k.Layer)
	if err != nil {
		return infer.Tensor{}, nil, err
	}
	found := layerFound{gradients: make([]infer.Tensor, len(targets))}
	for _, g := range k.d.group(targets) {
		if g.seed != k.plan.key.seed {
			return infer.Tensor{}, nil, ErrApart
		}
		if err := k.d.layerBackwards(ctx, k.plan, k.pass, g, read, &found); err != nil {
			return infer.Tensor{}, nil, err
		}
	}
	return found.read(read)
}

// Close gives up the tensors.
func (k *Kept) Close() { k.pass.close() }
