//go:build cgo

package ort

import (
	"context"

	"picasso/backend"
)

// Diagnose tells which library runs models and how each provider fared.
func (r *Runtime) Diagnose(ctx context.Context) backend.Diagnosis {
	d := backend.Diagnosis{Library: r.library, Version: r.Version(), Looked: r.looked}
	if r.err != nil {
		d.Err = r.err.Error()
		return d
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, name := range []backend.ProviderName{backend.CUDA, backend.DirectML, backend.CoreML, backend.WebGPU, backend.CPU} {
		if a, tried := r.attempts[name]; tried {
			d.Providers = append(d.Providers, a)
		}
	}
	return d
}
