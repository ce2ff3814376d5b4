//go:build cgo

package ort

import (
	"fmt"
	"runtime"
	"sync"

	onnxruntime "github.com/yalue/onnxruntime_go"

	"picasso/backend/cores"
	"picasso/backend/infer"
)

// automatic is the order in which auto tries the providers, fastest first.
func automatic(goos string) []infer.ProviderName {
	list := []infer.ProviderName{infer.CUDA}
	switch goos {
	case "windows":
		list = append(list, infer.DirectML)
	case "darwin":
		list = []infer.ProviderName{infer.CoreML}
	}
	return append(list, infer.CPU)
}

// withWeights makes a session, and what it gives to every run by itself meanwhile.
func (r *Runtime) withWeights(src infer.Source, opt infer.SessionOptions) (*session, error) {
	g, err := readGraph(src, opt.Mapped)
	if err != nil {
		return nil, err
	}
	asked, own, err := split(g.inputs, len(src.Fixed))
	if err != nil {
		g.weights.release()
		return nil, err
	}
	var f *fixed
	var failed error
	var wait sync.WaitGroup
	if len(own) > 0 {
		wait.Go(func() { f, failed = fill(src.Fixed, own) })
	}
	s, err := r.withProviders(g, opt)
	wait.Wait()
	switch {
	case err != nil:
		f.destroy()
		g.weights.release()
		return nil, err
	case failed != nil:
		_ = s.Close()
		return nil, failed
	}
	if s.inputs = asked; f != nil {
		s.fixed = f
		s.constant += f.bytes
	}
	return s, nil
}

// withProviders makes a session with the provider asked for, or with the first
// of the automatic order that works. A provider counts as working only when the
// session exists: a missing driver shows no earlier.
func (r *Runtime) withProviders(g *graph, opt infer.SessionOptions) (*session, error) {
	order := []infer.ProviderName{opt.Provider}
	if opt.Provider == "" || opt.Provider == infer.Auto {
		order = automatic(runtime.GOOS)
	}
	return r.firstThatWorks(order, g, opt)
}

func (r *Runtime) firstThatWorks(order []infer.ProviderName, g *graph, opt infer.SessionOptions) (*session, error) {
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
func (r *Runtime) tryProvider(g *graph, options *onnxruntime.SessionOptions, name infer.ProviderName) (*session, error) {
	if err := r.appendProvider(options, name); err != nil {
		reason := r.reason(name, err)
		r.note(infer.Attempt{Provider: name, Reason: reason})
		return nil, fmt.Errorf("%s cannot be used: %s. Choose the provider “auto” or “cpu”", providerTitle(name), reason)
	}
	s, err := newSession(g, options, providerTitle(name))
	if err != nil {
		if name != infer.CPU { // on the CPU it is the model's fault
			r.note(infer.Attempt{Provider: name, Reason: r.reason(name, err)})
		}
		return nil, modelFault(g.name, err)
	}
	r.note(infer.Attempt{Provider: name, OK: true})
	return s, nil
}

// reason says in words why a provider cannot be used; for CUDA, where that is
// so, by the files it lacks.
func (r *Runtime) reason(name infer.ProviderName, err error) string {
	if name == infer.CUDA {
		if missing := cudaFiles(r.library); missing != "" {
			return missing
		}
	}
	return providerFault(name, err.Error())
}

func (r *Runtime) note(a infer.Attempt) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.attempts[a.Provider] = a
}

// appendProvider asks for a provider. The CPU needs no asking: it takes every
// operator that no other provider takes.
func (r *Runtime) appendProvider(o *onnxruntime.SessionOptions, name infer.ProviderName) error {
	switch name {
	case infer.CPU:
		return nil
	case infer.CUDA:
		return r.appendCUDA(o)
	case infer.DirectML:
		// DirectML allows neither memory patterns nor parallel execution.
		if err := o.SetMemPattern(false); err != nil {
			return err
		}
		return o.AppendExecutionProviderDirectML(0)
	case infer.CoreML:
		return o.AppendExecutionProviderCoreMLV2(map[string]string{})
	case infer.WebGPU:
		return o.AppendExecutionProvider("WebGPU", nil)
	}
	return fmt.Errorf("there is no provider %q; choose auto, cpu, cuda, directml, coreml or webgpu", name)
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
func (r *Runtime) sessionOptions(g *graph, opt infer.SessionOptions) (*onnxruntime.SessionOptions, error) {
	o, err := onnxruntime.NewSessionOptions()
	if err != nil {
		return nil, err
	}
	err = configure(o, g, opt)
	if err == nil && g.operators {
		err = attachOperators(o)
	}
	if err != nil {
		_ = o.Destroy()
		return nil, err
	}
	return o, nil
}

func configure(o *onnxruntime.SessionOptions, g *graph, opt infer.SessionOptions) error {
	var level onnxruntime.GraphOptimizationLevel = onnxruntime.GraphOptimizationLevelEnableAll
	if opt.Mapped {
		// The last level would write all weights anew, in another order.
		level = onnxruntime.GraphOptimizationLevelEnableExtended
	}
	if err := o.SetGraphOptimizationLevel(level); err != nil {
		return err
	}
	if err := o.SetLogSeverityLevel(onnxruntime.LoggingLevelFatal); err != nil {
		return err
	}
	threads := opt.Threads
	if threads == 0 {
		threads = cores.Count()
	}
	if threads > 0 {
		if err := o.SetIntraOpNumThreads(threads); err != nil {
			return err
		}
	}
	// Without an arena, memory that a run lets go is the process's again, for other
	// sessions and, in the end, for other programs: see rest. The C library is set so
	// that this costs a few per cent of a run at most: see returnFreed.
	if err := o.SetCpuMemArena(false); err != nil {
		return err
	}
	entries := map[string]string{
		// Between the nodes of a run threads spin: to be woken for each would take as
		// long as the nodes of a small model. Between runs they sleep.
		"session.intra_op.allow_spinning": "1",
		"session.force_spinning_stop":     "1",
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
