package star

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"go.starlark.net/lib/json"
	"go.starlark.net/starlark"

	"picasso/visualizers/script/wire"
)

// function is a call of ctx by name, nil where there is none.
func (c *context) function(name string) builtin {
	switch name {
	case "run":
		return c.run
	case "score":
		return c.score
	case "gradient":
		return c.gradient
	case "activations":
		return c.activations
	case "layer_gradient":
		return c.layerGradient
	case "picture":
		return c.picture
	case "prepare":
		return c.prepare
	case "encode":
		return c.encode
	case "trust":
		return c.trust
	case "progress":
		return c.progress
	case "emit":
		return c.emit
	}
	return nil
}

// errGone ends a run whose host answers no more.
var errGone = errors.New("the program that started this one has ended")

// ask sends a request with tensors and waits for the answer's.
func (c *context) ask(r wire.Request, tensors []wire.Tensor) ([]wire.Tensor, error) {
	answer, err := c.exchange(r, tensors)
	if err != nil {
		return nil, err
	}
	return answer.Tensors, nil
}

// exchange sends a request with tensors and waits for the answer.
func (c *context) exchange(r wire.Request, tensors []wire.Tensor) (*wire.Message, error) {
	if err := c.s.send(&wire.Message{Kind: wire.Call, Request: &r, Tensors: tensors}); err != nil {
		return nil, err
	}
	answer, ok := <-c.s.in
	if !ok || answer.Kind != wire.Answer {
		return nil, errGone
	}
	return answer, nil
}

// portion bounds what is sent at once, so that the run can be stopped and
// memory stays small.
const portion = 32 << 20

// askEach sends tensors in portions that suit the model; each must have the
// shape of the model's input. The answers come in the same order.
func (c *context) askEach(r wire.Request, list []*tensor) ([]*tensor, error) {
	for _, t := range list {
		if !slices.Equal(t.shape, c.x.shape) {
			return nil, fmt.Errorf("the model takes tensors of shape %s, not %s", shapeText(c.x.shape), shapeText(t.shape))
		}
	}
	at := max(1, min(c.job.Batch, portion/(4*max(1, len(c.x.data)))))
	var out []*tensor
	for part := range slices.Chunk(list, at) {
		var tensors []wire.Tensor
		r.Patches = nil
		for i, t := range part {
			p, values := wire.Differ(c.x.tall(), t.tall())
			if p != nil {
				p.Tensor = i
				r.Patches = append(r.Patches, *p)
			}
			tensors = append(tensors, values)
		}
		answers, err := c.ask(r, tensors)
		if err != nil {
			return nil, err
		}
		if len(answers) != len(part) {
			return nil, fmt.Errorf("the model returned answers for %d of %d pictures", len(answers), len(part))
		}
		for _, a := range answers {
			out = append(out, wrap(a))
		}
	}
	return out, nil
}

// input is an argument that is one tensor or a list of them.
type input struct {
	list  []*tensor
	one   bool
	given bool
}

// Unpack reads the argument.
func (in *input) Unpack(v starlark.Value) error {
	in.given = true
	if t, ok := v.(*tensor); ok {
		in.list, in.one = []*tensor{t}, true
		return nil
	}
	list, ok := v.(starlark.Iterable)
	if !ok {
		return fmt.Errorf("got %s, want a tensor or a list of tensors", v.Type())
	}
	var err error
	in.list, err = tensorsOf(list)
	return err
}

// answer gives back one value or a list, as it was asked.
func (in input) answer(out []starlark.Value) starlark.Value {
	if in.one {
		return out[0]
	}
	return starlark.NewList(out)
}

func asValues(list []*tensor) []starlark.Value {
	out := make([]starlark.Value, len(list))
	for i, t := range list {
		out[i] = t
	}
	return out
}

func (c *context) run(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var in input
	var logits starlark.Value
	if err := starlark.UnpackArgs("run", args, kwargs, "tensors", &in, "logits?", &logits); err != nil {
		return nil, err
	}
	r := wire.Request{Name: wire.CallRun, Logit: c.job.Target.Logit}
	if b, ok := logits.(starlark.Bool); ok {
		r.Logit = bool(b)
	}
	if r.Logit && !c.job.HasLogits {
		return nil, errors.New("run: the model has no logits; omit logits, or add \"logits\" to needs")
	}
	scores, err := c.askEach(r, in.list)
	if err != nil {
		return nil, err
	}
	return in.answer(asValues(scores)), nil
}

func (c *context) score(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var in input
	if err := starlark.UnpackArgs("score", args, kwargs, "tensors", &in); err != nil {
		return nil, err
	}
	scores, err := c.askEach(wire.Request{Name: wire.CallRun, Logit: c.job.Target.Logit}, in.list)
	if err != nil {
		return nil, err
	}
	out := make([]starlark.Value, len(scores))
	for i, s := range scores {
		v, err := c.valueOf(s)
		if err != nil {
			return nil, err
		}
		out[i] = starlark.Float(v)
	}
	return in.answer(out), nil
}

func (c *context) gradient(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var in input
	if err := starlark.UnpackArgs("gradient", args, kwargs, "tensors", &in); err != nil {
		return nil, err
	}
	if err := c.needs("gradient", wire.NeedGradients); err != nil {
		return nil, err
	}
	out, err := c.askEach(wire.Request{Name: wire.CallGradient}, in.list)
	if err != nil {
		return nil, err
	}
	return in.answer(asValues(out)), nil
}

// needs refuses a call that the script did not declare: the user was not told
// before the run what the model must offer.
func (c *context) needs(call string, list ...string) error {
	for _, need := range list {
		if !slices.Contains(c.s.declaration.Needs, need) {
			return fmt.Errorf("%s: declare it first: visualizer(…, needs=[%q])", call, need)
		}
	}
	return nil
}

func (c *context) activations(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var in input
	var layer string
	if err := starlark.UnpackArgs("activations", args, kwargs, "layer", &layer, "tensors??", &in); err != nil {
		return nil, err
	}
	if err := c.needs("activations", wire.NeedLayers); err != nil {
		return nil, err
	}
	if !in.given {
		in = input{list: []*tensor{c.x}, one: true}
	}
	out, err := c.askEach(wire.Request{Name: wire.CallActivations, Layer: layer}, in.list)
	if err != nil {
		return nil, err
	}
	return in.answer(asValues(out)), nil
}

func (c *context) layerGradient(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var t *tensor
	var layer string
	if err := starlark.UnpackArgs("layer_gradient", args, kwargs, "layer", &layer, "x", &t); err != nil {
		return nil, err
	}
	if err := c.needs("layer_gradient", wire.NeedLayers, wire.NeedGradients); err != nil {
		return nil, err
	}
	if !slices.Equal(t.shape, c.x.shape) {
		return nil, fmt.Errorf("the model takes tensors of shape %s, not %s", shapeText(c.x.shape), shapeText(t.shape))
	}
	out, err := c.ask(wire.Request{Name: wire.CallLayerGradient, Layer: layer}, []wire.Tensor{t.wire()})
	if err != nil {
		return nil, err
	}
	if len(out) != 2 {
		return nil, errors.New("layer_gradient: no answer")
	}
	return starlark.Tuple{wrap(out[0]), wrap(out[1])}, nil
}

// single asks a question with one answer.
func (c *context) single(r wire.Request, tensors ...wire.Tensor) (starlark.Value, error) {
	out, err := c.ask(r, tensors)
	if err != nil {
		return nil, err
	}
	if len(out) != 1 {
		return nil, fmt.Errorf("%s: no answer", r.Name)
	}
	return wrap(out[0]), nil
}

func (c *context) picture(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	r := wire.Request{Name: wire.CallPicture}
	if err := starlark.UnpackArgs("picture", args, kwargs, "height?", &r.Height, "width?", &r.Width); err != nil {
		return nil, err
	}
	if err := c.needs("picture", wire.NeedPicture); err != nil {
		return nil, err
	}
	return c.single(r)
}

func (c *context) prepare(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var t *tensor
	if err := starlark.UnpackArgs("prepare", args, kwargs, "picture", &t); err != nil {
		return nil, err
	}
	if len(t.shape) != 3 || (t.shape[0] != 1 && t.shape[0] != 3) || len(t.data) == 0 {
		return nil, fmt.Errorf("prepare: a picture is 1×H×W or 3×H×W, not %s", shapeText(t.shape))
	}
	return c.single(wire.Request{Name: wire.CallPrepare}, t.wire())
}

func (c *context) encode(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var color values
	if err := starlark.UnpackArgs("encode", args, kwargs, "color", &color); err != nil {
		return nil, err
	}
	channels := c.x.shape[0]
	raw := color.tensor
	if len(raw.data) == 1 {
		raw = &tensor{shape: []int{channels}, data: slices.Repeat(raw.data, channels)}
	}
	if len(raw.data) != channels {
		return nil, fmt.Errorf("encode: the model has %d channels, got %d numbers", channels, len(raw.data))
	}
	return c.single(wire.Request{Name: wire.CallEncode}, raw.wire())
}

// trust asks what the tests of trust say of a map, which need not be a result.
func (c *context) trust(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var of starlark.Value
	if err := starlark.UnpackArgs("trust", args, kwargs, "map", &of); err != nil {
		return nil, err
	}
	o, ok := of.(*outcome)
	if t, isTensor := of.(*tensor); isTensor {
		o, ok = made(wire.ItemMap), true
		o.values = t
	}
	if !ok || o.item.Kind != wire.ItemMap {
		return nil, fmt.Errorf("trust: got %s, want a heat map: a tensor or heat(…)", of.Type())
	}
	item, err := o.finish(c.s.declaration, c.job.Target.Symbol)
	if err != nil {
		return nil, fmt.Errorf("trust: %w", err)
	}
	answer, err := c.exchange(wire.Request{Name: wire.CallTrust, Map: &item}, []wire.Tensor{o.values.wire()})
	if err != nil {
		return nil, err
	}
	return starlark.Call(thread, json.Module.Members["decode"], starlark.Tuple{starlark.String(answer.Text)}, nil)
}

// Reports more often than this tell nobody anything.
const (
	reportEvery = 30 * time.Millisecond
	emitEvery   = 100 * time.Millisecond
)

func (c *context) progress(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var done real
	total := real(1)
	var stage string
	if err := starlark.UnpackArgs("progress", args, kwargs, "done", &done, "total?", &total, "stage?", &stage); err != nil {
		return nil, err
	}
	if !(total > 0) {
		return nil, fmt.Errorf("progress: total must be above 0, got %g", float64(total))
	}
	if time.Since(c.reported) < reportEvery {
		return starlark.None, nil
	}
	c.reported = time.Now()
	share := min(max(float64(done/total), 0), 1)
	return starlark.None, c.s.send(&wire.Message{Kind: wire.Progress, Share: share, Text: stage})
}

func (c *context) emit(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var result starlark.Value
	if err := starlark.UnpackArgs("emit", args, kwargs, "result", &result); err != nil {
		return nil, err
	}
	output, tensors, err := items(result, c.s.declaration, c.job.Target.Symbol)
	if err != nil {
		return nil, fmt.Errorf("emit: %w", err)
	}
	if time.Since(c.emitted) < emitEvery {
		return starlark.None, nil
	}
	c.emitted = time.Now()
	return starlark.None, c.s.send(&wire.Message{Kind: wire.Partial, Output: output, Tensors: tensors})
}
