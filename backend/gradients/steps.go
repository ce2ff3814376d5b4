package gradients

import (
	"context"

	"picasso/backend/infer"
	"picasso/backend/onnx/gradient"
	"picasso/backend/onnx/gradient/kernel"
)

// backwardRun is one run of a backward pass, step by step.
type backwardRun struct {
	*backward
	pass   *pass
	values map[string]infer.Value // seed, and what the steps gave
	kept   []keptOutputs
	pooled []pooled
	over   bool // nothing reads the tensors of steps any more
}

// pooled is what the kernel of a step gave, in memory that the next run takes: new
// memory costs more than the kernel.
type pooled struct {
	step int
	data *[]float32
}

// keptOutputs are outputs of a session that wait for later steps.
type keptOutputs struct {
	session infer.Session
	values  []infer.Value
}

func (r *backwardRun) recycle() {
	for _, k := range r.kept {
		infer.Recycle(k.session, k.values)
	}
	for _, p := range r.pooled {
		if r.over { // a session may read on where a run was stopped
			r.spare[p.step].Put(p.data)
		}
	}
}

// run gives the first gradient of the plan. Its data is the run's own until it
// is recycled.
func (r *backwardRun) run(ctx context.Context) (infer.Tensor, error) {
	for i, step := range r.Steps {
		inputs := make([]infer.Value, len(step.Inputs))
		for k, name := range step.Inputs {
			inputs[k] = r.value(name)
		}
		outputs, err := r.step(ctx, i, step, inputs)
		if err != nil {
			return infer.Tensor{}, err
		}
		for k, name := range step.Outputs {
			r.values[name] = outputs[k]
		}
	}
	r.over = true
	return r.values[r.Gradients[0]].Tensor()
}

// value is a tensor of the backward pass, or of the forward pass.
func (r *backwardRun) value(name string) infer.Value {
	if v, ok := r.values[name]; ok {
		return v
	}
	return r.pass.value(name)
}

// step runs one session or kernel.
func (r *backwardRun) step(ctx context.Context, i int, step gradient.Step, inputs []infer.Value) ([]infer.Value, error) {
	if step.Pool != nil {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		return r.pool(i, *step.Pool, inputs[0], inputs[1])
	}
	session, err := r.sessions[i].wait(ctx)
	if err != nil {
		return nil, err
	}
	outputs, err := infer.RunKeep(ctx, session, inputs)
	if err == nil {
		r.kept = append(r.kept, keptOutputs{session, outputs})
	}
	return outputs, err
}

// pool is the gradient of a pooling's input, N×C and the places, for as many scores
// as dy holds.
func (r *backwardRun) pool(i int, p kernel.MaxPool, x, dy infer.Value) ([]infer.Value, error) {
	in, err := x.Tensor()
	if err != nil {
		return nil, err
	}
	g, err := dy.Tensor()
	if err != nil {
		return nil, err
	}
	old, ok := r.spare[i].Get().(*[]float32)
	if !ok {
		old = new([]float32)
	}
	dx, err := p.Backward(in.Data, g.Data, *old)
	if err != nil {
		return nil, err
	}
	*old = dx
	r.pooled = append(r.pooled, pooled{i, old})
	return []infer.Value{infer.Given(infer.Tensor{Shape: append([]int{g.Shape[0], in.Shape[1]}, p.In...), Data: dx})}, nil
}
