package backend

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"picasso/backend/picture"
)

func defaultResize() Resize { return Resize{Mode: Stretch, Filter: picture.Bilinear} }

const byUser = "set by the user"

// SetPreprocess changes how pictures are prepared. Values that do not suit the
// model are refused with a *[KeyError].
func (m *Model) SetPreprocess(p Preprocess) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := p.Check(m.Input.Channels); err != nil {
		return err
	}
	m.Preprocess = p
	m.references.outdated()
	m.slots.outdated()
	for _, key := range preprocessKeys {
		m.say("preprocess."+key, byUser)
	}
	return nil
}

// SetActivation changes how probabilities come about from the output.
func (m *Model) SetActivation(a Activation) error {
	if !slices.Contains([]Activation{Softmax, Sigmoid, Identity}, a) {
		return &KeyError{Key: "activation", Fault: fmt.Sprintf("%q is unknown, allowed: %q, %q, %q", a, Softmax, Sigmoid, Identity)}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.setActivation(a)
	m.say("activation", byUser)
	if len(m.Labels) != m.Output.Classes {
		m.Labels = nil
	}
	return nil
}

// setActivation applies a to the logits, or where none are known to the output
// itself. The activation that the graph has already is not applied twice.
func (m *Model) setActivation(a Activation) {
	o := &m.Output
	if o.Kind != Embedding {
		o.Origin = "as chosen"
	}
	single := o.Kind == Classes && (o.Binary || o.Classes == 1)
	switch {
	case o.Kind == Embedding:
		return // its numbers are no scores
	case a == Identity:
		o.InGraph, o.Log = true, false
	case a == o.Activation && o.InGraph:
	default:
		o.InGraph, o.Log = false, false
		if o.LogitTensor == "" {
			o.LogitTensor = o.Name
			m.logitAxis = o.Axis
		}
	}
	o.Activation = a
	if single {
		o.Binary = a != Identity
		o.Classes = 1
		if o.Binary {
			o.Classes = 2
		}
	}
}

// Save writes what is known about the model as a sidecar, keeping the keys of
// the one it was opened with that the program does not know. The file appears
// whole or not at all.
func (m *Model) Save(path string) error {
	m.mu.RLock()
	data, err := m.sidecarJSON(filepath.Dir(path))
	m.mu.RUnlock()
	if err != nil {
		return err
	}
	return writeWhole(path, data)
}

// writeWhole writes a file that appears whole or not at all.
func writeWhole(path string, data []byte) error {
	temp, err := os.CreateTemp(filepath.Dir(path), ".picasso-*.json")
	if err != nil {
		return fmt.Errorf("%s cannot be written: %w", filepath.Base(path), innermost(err))
	}
	defer os.Remove(temp.Name())
	_, err = temp.Write(data)
	err = firstError(err, temp.Close())
	if err == nil {
		err = os.Chmod(temp.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("%s cannot be written: %w", filepath.Base(path), err)
	}
	return nil
}

func (m *Model) sidecarJSON(folder string) ([]byte, error) {
	keys, pre := map[string]any{}, map[string]any{}
	if m.sidecar != nil {
		for k, v := range m.sidecar.keys {
			keys[k] = v
		}
		for k, v := range m.sidecar.pre {
			pre[k] = v
		}
	}
	raw, err := json.Marshal(m.Preprocess)
	if err != nil {
		return nil, err
	}
	var known map[string]any
	if err := json.Unmarshal(raw, &known); err != nil {
		return nil, err
	}
	for _, key := range append([]string{"preset"}, preprocessKeys...) {
		delete(pre, key)
	}
	maps.Copy(pre, known)
	keys["preprocess"] = pre
	keys["input"], keys["output"], keys["activation"] = m.Input.Name, m.Output.Name, m.Output.Activation
	if m.Input.Dynamic {
		keys["size"] = [2]int{m.Input.Height, m.Input.Width}
	}
	if m.given != nil {
		delete(keys, "inputs")
		if inside, _ := m.inputsIn(folder); len(inside) > 0 {
			keys["inputs"] = inside
		}
	}
	o := m.Output
	if o.Kind != Classes {
		keys["kind"] = o.Kind
	}
	if o.Kind == Segmentation {
		keys["region"] = o.Region
	}
	if o.Kind == Detection {
		keys["skip"], keys["columns"] = o.Skip, o.Axis < len(o.Shape)-1
		if o.Box >= 0 {
			keys["box"] = o.Box
		}
	}
	delete(keys, "reference")
	if inside, _ := m.referencesIn(folder); len(inside) > 0 {
		keys["reference"] = inside
	}
	for key, text := range map[string]string{"value": o.Value, "unit": o.Unit} {
		if text != "" {
			keys[key] = text
		}
	}
	if m.Labels != nil {
		keys["labels"] = m.Labels
	}
	return json.MarshalIndent(keys, "", "  ")
}
