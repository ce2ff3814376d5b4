package onnx

import (
	"errors"
	"fmt"
)

// The highest versions that are taken seriously. What the installed ONNX
// Runtime supports is for it to say; beyond these the file is wrong.
const (
	plausibleIR    = 64
	plausibleOpset = 200
)

// Check reports what makes the model unusable whatever runs it, as a
// *[FileError]: no graph, no outputs, impossible versions, functions that call
// themselves, parts that multiply beyond what a network has, nodes that do not
// fit together, tensors that no machine holds, weights that are missing or lie
// outside the model's folder.
func (m *Model) Check() error {
	err := m.check()
	if err == nil {
		return nil
	}
	var graph *GraphError
	if errors.As(err, &graph) {
		return &FileError{
			Path:   m.Path,
			Fault:  "is not a valid graph: " + graph.Error(),
			Remedy: "Export the model again, or ask its author.",
			Err:    graph,
		}
	}
	file := asFile(err)
	file.Path = m.Path
	return file
}

func (m *Model) check() error {
	again := "Export the model again with a released version of its framework."
	switch {
	case m.Graph == nil:
		return &FileError{Fault: "contains no ONNX graph", Remedy: again}
	case m.IRVersion < 1 || m.IRVersion > plausibleIR:
		return &FileError{Fault: fmt.Sprintf("states version %d of the ONNX format, which does not exist", m.IRVersion), Remedy: again}
	case m.IRVersion >= 3 && len(m.Opsets) == 0:
		return &FileError{Fault: "states no operator set, so its end may be missing", Remedy: "Download or export it again."}
	case len(m.Graph.Outputs) == 0:
		return &FileError{Fault: "has no outputs, so it computes nothing", Remedy: again}
	}
	for domain, version := range m.Opsets {
		if version < 1 || domain == "" && version > plausibleOpset {
			return &FileError{Fault: fmt.Sprintf("states version %d of operator set %.160q, which does not exist", version, opsetName(domain)), Remedy: again}
		}
	}
	for _, check := range []func() error{m.checkStructure, m.Graph.Check, m.checkSizes} {
		if err := check(); err != nil {
			return err
		}
	}
	return m.checkExternal()
}

func opsetName(domain string) string {
	if domain == "" {
		return "ai.onnx"
	}
	return domain
}

// checkExternal opens every file of weights once and compares its length with
// what the tensors need.
func (m *Model) checkExternal() error {
	if m.Path == "" {
		return nil
	}
	sizes := map[string]int64{}
	m.beside = map[string]stamp{}
	for _, location := range m.External() {
		f, info, err := m.openExternal(location)
		if err != nil {
			return err
		}
		sizes[location] = info.Size()
		m.beside[location] = stampOf(info)
		f.Close()
	}
	var err error
	m.eachTensor(func(t *Tensor) {
		if e := t.External; e != nil && err == nil {
			need := e.Length
			if need == 0 {
				need = t.Elements() * int64(t.Type.Size())
			}
			if e.Offset > sizes[e.Location] || need > sizes[e.Location]-e.Offset {
				err = &FileError{
					Fault:  fmt.Sprintf("needs %d bytes at %d of %.160q, which has only %d", need, e.Offset, e.Location, sizes[e.Location]),
					Remedy: "The file of weights is incomplete: download it again.",
				}
			}
		}
	})
	return err
}
