package onnx

import (
	"path/filepath"
)

// Detach returns a small form of a model read by [Open]: the weights of its
// graphs become references to byte ranges of the user's own file, so that
// encoding takes kilobytes whatever the size of the network. folder is where
// the references start: give it to ONNX Runtime as
// session.model_external_initializers_file_folder_path together with the
// encoded bytes.
//
// Tensors that lie in memory (in a file: those up to 1 KiB and integers in
// typed fields) stay in the model; references of the user's own model to other
// files are kept. Large Constant nodes of the main graph become initializers,
// since only those may refer to files. What remains (tensors in bodies and
// functions) is written in full by [Model.Encode].
//
// ONNX Runtime refuses references through a link that leaves the folder.
// Where the model is reached through a link, folder is therefore the one of
// its target; if such a model also refers to other files, its own weights
// stay to be written in full, and folder is the one those files were found
// from.
//
// A file that is no longer the one that was opened is an error: the ranges
// would be those of another.
//
// For a model in memory the result is a [Model.Clone] and folder is "".
func (m *Model) Detach() (small *Model, folder string, err error) {
	small = m.Clone()
	if m.Path == "" {
		return small, "", nil
	}
	if err := m.Unchanged(); err != nil {
		return nil, "", err
	}
	path, err := filepath.Abs(m.Path)
	if err != nil {
		return nil, "", m.fileError(err)
	}
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil, "", m.fileError(missing(err))
	}
	if len(m.External()) > 0 && m.root == "" {
		if filepath.Base(real) != filepath.Base(path) || !sameFolder(real, path) {
			return small, filepath.Dir(path), nil
		}
	}
	if small.IRVersion >= 4 { // before that every initializer must be an input as well
		small.Graph.lift()
	}
	location, folder := filepath.Base(real), filepath.Dir(real)
	if m.root != "" {
		if location, err = below(m.root, real); err != nil {
			return nil, "", err
		}
		folder = m.root
	}
	small.Graph.walk(func(g *Graph) {
		for _, t := range g.Initializers {
			t.refer(location)
		}
	})
	return small, folder, nil
}

// sameFolder reports whether two absolute paths lead to the same folder.
func sameFolder(a, b string) bool {
	real, err := filepath.EvalSymlinks(filepath.Dir(b))
	return err == nil && real == filepath.Dir(a)
}

// refer turns a range of the model's file into a reference to it.
func (t *Tensor) refer(location string) {
	if t.Span == nil || t.Type == String {
		return
	}
	t.External = &External{Location: location, Offset: t.Span.Offset, Length: t.Span.Length}
	t.Span = nil
	t.field = 0
}

// lift turns Constant nodes whose value lies in the file into initializers.
func (g *Graph) lift() {
	kept := g.Nodes[:0:0]
	for _, n := range g.Nodes {
		var t *Tensor
		if n.Is("Constant") && len(n.Outputs) == 1 {
			t = n.AttrTensor("value")
		}
		if t == nil || t.Span == nil {
			kept = append(kept, n)
			continue
		}
		t.Name = n.Outputs[0]
		g.Initializers = append(g.Initializers, t)
	}
	g.Nodes = kept
}
