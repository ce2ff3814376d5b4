//go:build cgo

package ort

import (
	"context"

	"picasso/backend/cores"
	"picasso/backend/infer"
	"picasso/backend/onnx"
)

// Diagnose tells which library runs models and how each provider fared.
// Providers that no model has tried yet are tried with a model of one node,
// except WebGPU: a try that fails can leave the library in a state of which it
// does not recover, so only the user's express wish leads there.
func (r *Runtime) Diagnose(ctx context.Context) infer.Diagnosis {
	d := infer.Diagnosis{Library: r.library, Version: r.Version(), Looked: r.looked, Threads: cores.Count()}
	if r.err != nil {
		d.Err = r.err.Error()
		return d
	}
	for _, name := range []infer.ProviderName{infer.CUDA, infer.DirectML, infer.CoreML, infer.WebGPU, infer.CPU} {
		d.Providers = append(d.Providers, r.attempt(ctx, name))
	}
	return d
}

// attempt is how a provider fared, trying it if need be.
func (r *Runtime) attempt(ctx context.Context, name infer.ProviderName) infer.Attempt {
	if a, tried := r.tried(name); tried {
		return a
	}
	if name == infer.WebGPU {
		return infer.Attempt{Provider: name, Reason: "not tried; choose it as the provider to try it"}
	}
	s, err := r.Open(ctx, infer.Source{Bytes: probe()}, infer.SessionOptions{Provider: name})
	if err == nil {
		err = s.Close()
	}
	if a, tried := r.tried(name); tried {
		return a
	}
	a := infer.Attempt{Provider: name, Reason: "not tried"}
	if err != nil {
		a.Reason = plain(err.Error())
	}
	return a
}

func (r *Runtime) tried(name infer.ProviderName) (infer.Attempt, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	a, tried := r.attempts[name]
	return a, tried
}

// probe is the smallest model there is: y = x.
func probe() []byte {
	value := func(name string) *onnx.Value {
		return &onnx.Value{Name: name, Type: onnx.Float, Shape: []onnx.Dim{{Size: 1}}}
	}
	m := &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 13}, Graph: &onnx.Graph{
		Name:    "probe",
		Nodes:   []*onnx.Node{{OpType: "Identity", Inputs: []string{"x"}, Outputs: []string{"y"}}},
		Inputs:  []*onnx.Value{value("x")},
		Outputs: []*onnx.Value{value("y")},
	}}
	data, err := m.Encode()
	if err != nil {
		return nil // decoding nothing gives the sentence
	}
	return data
}
