package gradient_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"picasso/backend/infer"
	"slices"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"

	"picasso/backend/onnx"
	"picasso/backend/onnx/gradient"
)

// readProto reads a TensorProto by wrapping it into a model as a weight.
func readProto(path string) (*onnx.Tensor, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	graph := protowire.AppendBytes(protowire.AppendTag(nil, 5, protowire.BytesType), data)
	model := protowire.AppendBytes(protowire.AppendTag(nil, 7, protowire.BytesType), graph)
	m, err := onnx.Decode(model)
	if err != nil {
		return nil, err
	}
	if len(m.Graph.Initializers) != 1 {
		return nil, errors.New("no tensor")
	}
	return m.Graph.Initializers[0], nil
}

// differentiated is a model with some inputs open, ready to be differentiated.
type differentiated struct {
	*backendCase
	model  *onnx.Model
	names  []string
	inputs []infer.Tensor
	facts  gradient.Facts
	batch  bool
}

func (x *backendCase) open(ctx context.Context, m *onnx.Model, folder string) (infer.Session, error) {
	data, err := m.Encode()
	if err != nil {
		return nil, err
	}
	return x.r.Open(ctx, infer.Source{Bytes: data, Folder: folder}, infer.SessionOptions{Provider: infer.CPU, Threads: 1})
}

// prepare makes the other inputs constants and learns the facts.
func (x *backendCase) prepare(ctx context.Context, open []string, batch bool) (*differentiated, error) {
	m := x.model.Clone()
	for _, v := range x.feeds {
		if !slices.Contains(open, v.Name) {
			t := *x.given[v.Name]
			m.Fix(&t)
		}
	}
	if batch {
		m.Graph.FreeBatch("N")
		m.Graph.ValueInfo = nil
		for _, v := range m.Graph.Outputs {
			*v = onnx.Value{Name: v.Name, Type: v.Type}
		}
	}
	d := &differentiated{backendCase: x, model: gradient.Widen(m), batch: batch}
	for _, v := range m.Graph.Feeds() {
		d.names, d.inputs = append(d.names, v.Name), append(d.inputs, x.tensors[v.Name])
	}
	for changed := true; changed; {
		err := d.probe(ctx)
		if err == nil {
			d.model, changed, err = gradient.Decide(d.model, d.facts)
		}
		if err != nil {
			return nil, err
		}
	}
	return d, nil
}

func (d *differentiated) probe(ctx context.Context) error {
	p, err := gradient.NewProbe(d.model)
	if err != nil {
		return err
	}
	s, err := d.open(ctx, p.Model, p.Folder)
	if err != nil {
		return err
	}
	defer s.Close()
	one, err := s.Run(ctx, d.inputs)
	if err != nil {
		return err
	}
	two := make([]infer.Tensor, 2)
	if d.batch {
		if two, err = s.Run(ctx, []infer.Tensor{repeat(d.inputs[0], 2)}); err != nil {
			return err
		}
	}
	d.facts, err = p.Learn(one[0].Data, one[1].Data, two[0].Data, two[1].Data)
	return err
}

// outputs opens a session that gives the named tensors.
func (d *differentiated) outputs(ctx context.Context, names ...string) (infer.Session, error) {
	g, err := gradient.Forward(d.model, d.facts, names)
	if err != nil {
		return nil, err
	}
	return d.open(ctx, g.Model, g.Folder)
}

func fixedSeed(shape []int) infer.Tensor {
	return noise(rand.New(rand.NewPCG(11, uint64(len(shape)))), shape)
}

// zero judges whether the lack of a path is right: finite differences vanish.
func (d *differentiated) zero(ctx context.Context, in, out string) judged {
	g := judged{input: in, output: out, mode: "one", verdict: "not run"}
	s, err := d.outputs(ctx, out)
	if err == nil {
		defer s.Close()
		var y []infer.Tensor
		if y, err = s.Run(ctx, d.inputs); err == nil {
			d.judge(ctx, &g, s, in, fixedSeed(y[0].Shape), infer.NewTensor(d.inputs[0].Shape...))
		}
	}
	switch {
	case err != nil:
		g.detail = err.Error()
	case g.verdict == "wrong":
		g.verdict = "silent zero"
	case g.verdict == "exact":
		g.verdict = "zero"
	}
	return g
}

// check runs the backward model and compares.
func (d *differentiated) check(ctx context.Context, mode string, plan *gradient.Plan, wrt []string, out string) ([]judged, error) {
	forward, err := d.outputs(ctx, append(slices.Clone(plan.Activations), out)...)
	if err != nil {
		return nil, err
	}
	defer forward.Close()
	got, err := forward.Run(ctx, d.inputs)
	if err != nil {
		return nil, err
	}
	last := len(got) - 1
	seed := fixedSeed(got[last].Shape)
	bad := func(verdict string, err error) []judged {
		return []judged{{input: strings.Join(wrt, ","), output: out, mode: mode, verdict: verdict, detail: fmt.Sprintf("%v\n%s", err, dump(plan.Model))}}
	}
	back, err := d.open(ctx, plan.Model, plan.Folder)
	if err != nil {
		return bad("broken", err), nil
	}
	defer back.Close()
	grads, err := back.Run(ctx, append(slices.Clone(got[:last]), seed))
	if err != nil {
		return bad("broken", err), nil
	}
	alone, err := d.outputs(ctx, out)
	if err != nil {
		return nil, err
	}
	defer alone.Close()
	var list []judged
	for k, in := range wrt {
		g := judged{input: in, output: out, mode: mode}
		d.judge(ctx, &g, alone, in, seed, grads[k])
		if g.verdict == "wrong" && len(plan.Notes) > 0 {
			g.verdict = "rounded" // as the note says
		}
		list = append(list, g)
	}
	if d.batch && plan.Batching != gradient.Single {
		if err := d.pair(ctx, forward, back, seed, grads[0]); err != nil {
			list = append(list, bad("wrong batch", err)...)
		}
	}
	return list, nil
}

// pair feeds two inputs with two seeds at once and compares with single runs.
func (d *differentiated) pair(ctx context.Context, forward, back infer.Session, seed, first infer.Tensor) error {
	other := d.inputs[0].Clone()
	for k := range other.Data {
		other.Data[k] = d.inputs[0].Data[len(other.Data)-1-k]
	}
	seed2 := seed.Clone()
	for k := range seed2.Data {
		seed2.Data[k] = -2 * seed.Data[len(seed.Data)-1-k]
	}
	run := func(in, seed infer.Tensor) (infer.Tensor, error) {
		acts, err := forward.Run(ctx, []infer.Tensor{in})
		if err != nil {
			return infer.Tensor{}, err
		}
		out, err := back.Run(ctx, append(slices.Clone(acts[:len(acts)-1]), seed))
		if err != nil {
			return infer.Tensor{}, err
		}
		return out[0], nil
	}
	second, err := run(other, seed2)
	if err != nil {
		return nil // not defined there
	}
	both, err := run(join(d.inputs[0], other), join(seed, seed2))
	if err != nil {
		return err
	}
	want := join(first, second)
	size := 1e-6
	for _, v := range want.Data {
		if a := math.Abs(float64(v)); !math.IsInf(a, 0) && !math.IsNaN(a) {
			size = max(size, a)
		}
	}
	for k, v := range want.Data {
		if v != v || v == both.Data[k] {
			continue
		}
		if diff := math.Abs(float64(both.Data[k] - v)); !(diff <= 1e-3*size) {
			return fmt.Errorf("element %d is %g, want %g", k, both.Data[k], v)
		}
	}
	return nil
}

// known compares the outputs of the model with those of the files.
func (x *backendCase) known(ctx context.Context, folder string) error {
	if x.tamed {
		return nil
	}
	small, from, err := x.model.Detach()
	if err != nil {
		return err
	}
	s, err := x.open(ctx, small, from)
	if err != nil {
		return err
	}
	defer s.Close()
	var in []infer.Tensor
	for _, port := range s.Inputs() {
		in = append(in, x.tensors[port.Name])
	}
	out, err := s.Run(ctx, in)
	if err != nil {
		return err
	}
	for i, port := range s.Outputs() {
		t, err := readProto(filepath.Join(folder, fmt.Sprintf("output_%d.pb", i)))
		if err != nil {
			return err
		}
		want, err := t.Floats(nil)
		if err != nil {
			return err
		}
		if len(want) != len(out[i].Data) {
			return fmt.Errorf("output %q has %d numbers, want %d", port.Name, len(out[i].Data), len(want))
		}
		for k, v := range want {
			if v != v && out[i].Data[k] != out[i].Data[k] || math.IsInf(float64(v), 0) && v == out[i].Data[k] {
				want[k], out[i].Data[k] = 0, 0 // undefined in both
			}
		}
		if relative, _ := compare(out[i].Data, want); !(relative < 1e-3) {
			return fmt.Errorf("output %q is off by %g", port.Name, relative)
		}
	}
	return nil
}
