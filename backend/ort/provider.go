//go:build cgo

package ort

import (
	"fmt"
	"runtime"

	onnxruntime "github.com/yalue/onnxruntime_go"

	"picasso/backend"
)

// automatic is the order in which auto tries the providers, fastest first.
func automatic(goos string) []backend.ProviderName {
	list := []backend.ProviderName{backend.CUDA}
	switch goos {
	case "windows":
		list = append(list, backend.DirectML)
	case "darwin":
		list = []backend.ProviderName{backend.CoreML}
	}
	return append(list, backend.CPU)
}

// withProviders makes a session with the provider asked for, or with the first
// of the automatic order that works. A provider counts as working only when the
// session exists: a missing driver shows no earlier.
func (r *Runtime) withProviders(src backend.Source, opt backend.SessionOptions) (*session, error) {
	order := []backend.ProviderName{opt.Provider}
	if opt.Provider == "" || opt.Provider == backend.Auto {
		order = automatic(runtime.GOOS)
	}
	g, err := readGraph(src)
	if err != nil {
		return nil, err
	}
	for _, name := range order {
		options, err := r.sessionOptions(g, opt)
		if err != nil {
			return nil, err
		}
		s, err := r.tryProvider(g, options, name)
		_ = options.Destroy()
		if err == nil {
			return s, nil
		}
		if name == order[len(order)-1] {
			return nil, err
		}
	}
	return nil, fmt.Errorf("no execution provider to try")
}

// tryProvider makes a session with one provider and keeps in mind how it went.
func (r *Runtime) tryProvider(g *graph, options *onnxruntime.SessionOptions, name backend.ProviderName) (*session, error) {
	if err := r.appendProvider(options, name); err != nil {
		reason := r.reason(name, err)
		r.note(backend.Attempt{Provider: name, Reason: reason})
		return nil, fmt.Errorf("%s cannot be used: %s. Choose the provider “auto” or “cpu”", providerTitle(name), reason)
	}
	s, err := newSession(g, options, providerTitle(name))
	if err != nil {
		if name != backend.CPU { // on the CPU it is the model's fault
			r.note(backend.Attempt{Provider: name, Reason: r.reason(name, err)})
		}
		return nil, modelFault(g.name, err)
	}
	r.note(backend.Attempt{Provider: name, OK: true})
	return s, nil
}

// reason says in words why a provider cannot be used; for CUDA, where that is
// so, by the files it lacks.
func (r *Runtime) reason(name backend.ProviderName, err error) string {
	if name == backend.CUDA {
		if missing := cudaFiles(r.library); missing != "" {
			return missing
		}
	}
	return providerFault(name, err.Error())
}

func (r *Runtime) note(a backend.Attempt) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.attempts[a.Provider] = a
}

// appendProvider asks for a provider. The CPU needs no asking: it takes every
// operator that no other provider takes.
func (r *Runtime) appendProvider(o *onnxruntime.SessionOptions, name backend.ProviderName) error {
	switch name {
	case backend.CPU:
		return nil
	case backend.CUDA:
		return r.appendCUDA(o)
	case backend.DirectML:
		// DirectML allows neither memory patterns nor parallel execution.
		if err := o.SetMemPattern(false); err != nil {
			return err
		}
		return o.AppendExecutionProviderDirectML(0)
	case backend.CoreML:
		return o.AppendExecutionProviderCoreMLV2(map[string]string{})
	case backend.WebGPU:
		return o.AppendExecutionProvider("WebGPU", nil)
	}
	return fmt.Errorf("there is no provider of the name %q; known are auto, cpu, cuda, directml, coreml and webgpu", name)
}

// appendCUDA looks for the provider's own library first: asking ONNX Runtime
// for one that is not there gives a worse answer.
func (r *Runtime) appendCUDA(o *onnxruntime.SessionOptions) error {
	if err := besideLibrary(r.library, runtime.GOOS, "providers_shared", "providers_cuda"); err != nil {
		return err
	}
	cuda, err := onnxruntime.NewCUDAProviderOptions()
	if err != nil {
		return err
	}
	defer cuda.Destroy()
	err = cuda.Update(map[string]string{
		"use_tf32":               "0",         // 10-bit mantissas would show in the maps
		"cudnn_conv_algo_search": "HEURISTIC", // the exhaustive search stalls on every new batch size
	})
	if err != nil {
		return err
	}
	return o.AppendExecutionProviderCUDA(cuda)
}

// sessionOptions are the settings common to all providers.
func (r *Runtime) sessionOptions(g *graph, opt backend.SessionOptions) (*onnxruntime.SessionOptions, error) {
	o, err := onnxruntime.NewSessionOptions()
	if err != nil {
		return nil, err
	}
	if err := configure(o, g, opt); err != nil {
		_ = o.Destroy()
		return nil, err
	}
	return o, nil
}

func configure(o *onnxruntime.SessionOptions, g *graph, opt backend.SessionOptions) error {
	if err := o.SetGraphOptimizationLevel(onnxruntime.GraphOptimizationLevelEnableAll); err != nil {
		return err
	}
	if err := o.SetLogSeverityLevel(onnxruntime.LoggingLevelFatal); err != nil {
		return err
	}
	if opt.Threads > 0 {
		if err := o.SetIntraOpNumThreads(opt.Threads); err != nil {
			return err
		}
	}
	entries := map[string]string{
		// Idle threads sleep instead of spinning. Spinning gains up to a fifth on
		// models of a millisecond but costs as much on larger ones when anything
		// else needs the processor, and a window does.
		"session.intra_op.allow_spinning": "0",
	}
	if !opt.Prepack {
		entries["session.disable_prepacking"] = "1"
	}
	if g.folder != "" {
		entries["session.model_external_initializers_file_folder_path"] = g.folder
	}
	for key, value := range entries {
		if err := o.AddSessionConfigEntry(key, value); err != nil {
			return err
		}
	}
	return nil
}
