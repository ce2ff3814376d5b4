package backend

import (
	"path/filepath"

	"picasso/backend/files"
	"picasso/backend/preprocess"
	"picasso/backend/score"
)

// SetPreprocess changes how pictures are prepared. Values that do not suit the
// model are refused with a *[KeyError].
func (m *Model) SetPreprocess(p preprocess.Preprocess) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.Card.SetPreprocess(p); err != nil {
		return err
	}
	m.references.outdated()
	m.slots.outdated()
	return nil
}

// SetActivation changes how probabilities come about from the output.
func (m *Model) SetActivation(a score.Activation) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.Card.SetActivation(a)
}

// Save writes what is known about the model as a sidecar, keeping the keys of
// the one it was opened with that the program does not know. The file appears
// whole or not at all.
func (m *Model) Save(path string) error {
	m.mu.RLock()
	data, err := m.Card.Encode(filepath.Dir(path))
	m.mu.RUnlock()
	if err != nil {
		return err
	}
	return files.Write(path, data, 0o644)
}

// SetRegion changes the region over which the score of a class is summed.
func (m *Model) SetRegion(r score.Region) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.Card.SetRegion(r)
}

// Unsaved are the references and other files that [Model.Save] leaves out of a
// sidecar at path, since a sidecar names only files beside it.
func (m *Model) Unsaved(path string) []string {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.Card.Unsaved(filepath.Dir(path))
}
