package backend

import (
	"path/filepath"
	"reflect"

	"picasso/backend/files"
	"picasso/backend/metadata"
)

// Known is a copy of the model's card.
func (m *Model) Known() metadata.Card {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.Card.Clone()
}

// Use takes over a changed copy of the model's card, made by
// [metadata.Card.With]: how pictures are prepared, activation, region, box and
// labels. Nothing is opened again. What needs another session is refused with
// [metadata.ErrOtherSession], values that do not suit the model with a
// *[preprocess.KeyError]; the model is then used as before.
func (m *Model) Use(card metadata.Card) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := card.Replaces(&m.Card); err != nil {
		return err
	}
	prepared := !reflect.DeepEqual(card.Preprocess, m.Preprocess)
	m.Card.Adopt(&card)
	if prepared {
		m.references.outdated()
		m.slots.outdated()
	}
	return nil
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

// Unsaved are the references and other files that [Model.Save] leaves out of a
// sidecar at path, since a sidecar names only files beside it.
func (m *Model) Unsaved(path string) []string {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.Card.Unsaved(filepath.Dir(path))
}
