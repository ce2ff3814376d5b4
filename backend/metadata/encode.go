package metadata

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"

	"picasso/backend/score"
)

// Encode writes the card as a sidecar in a folder, keeping the keys of the one
// it was read from that the program does not know. What no sidecar there can
// name is left out: see [Card.Unsaved].
func (c *Card) Encode(folder string) ([]byte, error) {
	keys, pre := map[string]any{}, map[string]any{}
	if c.Sidecar != nil {
		for k, v := range c.Sidecar.keys {
			keys[k] = v
		}
		for k, v := range c.Sidecar.pre {
			pre[k] = v
		}
	}
	raw, err := json.Marshal(c.Preprocess)
	if err != nil {
		return nil, err
	}
	var known map[string]any
	if err := json.Unmarshal(raw, &known); err != nil {
		return nil, err
	}
	for _, key := range append([]string{"preset"}, PreprocessKeys...) {
		delete(pre, key)
	}
	maps.Copy(pre, known)
	keys["preprocess"] = pre
	keys["input"], keys["output"], keys["activation"] = c.Input.Name, c.Output.Name, c.Output.Activation
	if c.Input.Dynamic && !c.Input.OwnSize {
		sides := []int{c.Input.Height, c.Input.Width}
		if c.Input.Depth > 0 {
			sides = append([]int{c.Input.Depth}, sides...)
		}
		keys["size"] = sides
	}
	if c.given != nil {
		delete(keys, "inputs")
		if inside, _ := c.inputsIn(folder); len(inside) > 0 {
			keys["inputs"] = inside
		}
	}
	o := c.Output
	if said := c.Origins["kind"]; o.Kind != score.Classes || said == byUser || said == userOrigin {
		keys["kind"] = o.Kind
	}
	switch o.Kind {
	case score.Segmentation, score.Dense:
		keys["region"] = o.Region
	case score.Selection:
		if o.Selected.Width > boxAndObject {
			keys["score"], keys["class"] = o.Selected.Score, o.Selected.Class
		}
	case score.Sequence:
		keys["columns"] = o.Axis < len(o.Shape)-1
		if o.Step >= 0 {
			keys["step"] = o.Step
		}
	}
	if o.Kind == score.Detection {
		keys["skip"], keys["columns"] = o.Skip, o.Axis < len(o.Shape)-1
		if o.Box >= 0 {
			keys["box"] = o.Box
		}
	}
	delete(keys, "reference")
	if inside, _ := c.referencesIn(folder); len(inside) > 0 {
		keys["reference"] = inside
	}
	for key, text := range map[string]string{"value": o.Value, "unit": o.Unit} {
		if text != "" {
			keys[key] = text
		}
	}
	if c.Labels != nil {
		keys["labels"] = c.Labels
	}
	c.forgetDoubts(keys)
	return json.MarshalIndent(keys, "", "  ")
}

// forgetDoubts takes keys out of a sidecar that nobody has said: opened with it,
// the model would seem to be settled.
func (c *Card) forgetDoubts(keys map[string]any) {
	open := []string{}
	for _, d := range c.Doubts {
		open = append(open, d.Key)
	}
	if c.inDoubt("kind") {
		open = append(open, "activation", "skip", "columns", "step", "score", "class")
	}
	if c.inDoubt("class") {
		open = append(open, "score")
	}
	for _, key := range open {
		if said := c.Origins[key]; said != byUser && said != userOrigin {
			delete(keys, key)
		}
	}
}

// inputsIn are the constants that a sidecar in the folder can state, and the
// files that it cannot: those elsewhere.
func (c *Card) inputsIn(folder string) (inside map[string]json.RawMessage, outside []string) {
	inside = make(map[string]json.RawMessage)
	for _, name := range slices.Sorted(maps.Keys(c.given)) {
		if value, ok := c.given[name].saved(folder); ok {
			inside[name] = value
		} else {
			outside = append(outside, c.given[name].File)
		}
	}
	return inside, outside
}

// referencesIn are the references that a sidecar in the folder can name, and
// those that it cannot: files elsewhere.
func (c *Card) referencesIn(folder string) (inside, outside []string) {
	if c.References == nil {
		return nil, nil
	}
	for _, path := range c.References {
		if name, err := filepath.Rel(folder, path); err == nil && filepath.IsLocal(name) {
			inside = append(inside, filepath.ToSlash(name))
		} else {
			outside = append(outside, path)
		}
	}
	return inside, outside
}

// Unsaved are the references and other files that a sidecar in the folder
// leaves out, since a sidecar names only files beside it.
func (c *Card) Unsaved(folder string) []string {
	_, outside := c.referencesIn(folder)
	_, inputs := c.inputsIn(folder)
	return append(outside, inputs...)
}
