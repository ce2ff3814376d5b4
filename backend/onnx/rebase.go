package onnx

import (
	"fmt"
	"path/filepath"
	"strings"
)

// Rebase returns the form of [Model.Detach] with references that start at root,
// a folder above all files of the model, so that tensors of the copy may also
// refer to other files below root. Nothing is read or written. The model is to
// be one that was checked: what its references may reach is not judged again.
func (m *Model) Rebase(root string) (*Model, error) {
	small, folder, err := m.Detach()
	if err != nil || folder == "" {
		return small, err
	}
	lead, err := below(root, folder)
	if err != nil {
		return nil, err
	}
	small.eachTensor(func(t *Tensor) {
		if t.External != nil {
			t.External.Location = joined(lead, t.External.Location)
		}
	})
	small.root = root
	small.beside = make(map[string]stamp, len(m.beside))
	for location, s := range m.beside {
		small.beside[joined(lead, location)] = s
	}
	return small, nil
}

// Locate is how tensors of the model refer to a file ([External].Location), which
// has to lie below the folder where references start.
func (m *Model) Locate(path string) (string, error) { return below(m.folder(), path) }

// joined is a location below the folder lead, with slashes as in the format.
func joined(lead, location string) string {
	return filepath.ToSlash(filepath.Join(lead, filepath.FromSlash(location)))
}

// below is the way from root down to path, with slashes.
func below(root, path string) (string, error) {
	way, err := filepath.Rel(root, path)
	if err == nil && (way == ".." || strings.HasPrefix(way, ".."+string(filepath.Separator))) {
		err = fmt.Errorf("%s does not lie below %s", path, root)
	}
	return filepath.ToSlash(way), err
}
