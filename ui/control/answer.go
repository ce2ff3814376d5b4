package control

import (
	"encoding/json"
	"picasso/backend/metadata"
	"picasso/backend/score"
)

// Answering is a [Model] that tells how its output is read and what else
// there would be; [Controller.Reuse] changes it.
type Answering interface{ Answer() Answer }

// Answer is how a model's output becomes the scores of classes.
type Answer struct {
	Inputs, Outputs []string             // all ports of the file, by name
	Constants       []metadata.InputNeed // inputs that take no picture
	Input, Output   string               // those in use
	Kind            score.OutputKind
	Activation      score.Activation
	Box             int      // detection: the box whose classes are scored, −1 for the best one
	Region          string   // segmentation: "all", "mask" or "[left,top,right,bottom]"
	Area            []int    // the box of Region, nil where it is none
	Columns, Rows   int      // segmentation: size of the output in pixels
	Value, Unit     string   // regression
	References      []string // embedding: paths of what it is compared with
	Origin          string   // how kind and activation were found
}

// Compare opens the model again as one whose output is an embedding, compared
// with the pictures at the given absolute paths. None makes every number of the output
// a value of its own.
func (c *Controller) Compare(paths ...string) {
	reference := ""
	if len(paths) > 0 {
		data, err := json.Marshal(paths)
		if err != nil {
			c.fail("compare with a picture", err)
			return
		}
		reference = string(data)
	}
	c.Reuse("kind="+string(score.Embedding), "reference="+reference)
}

// scores reports whether the model's numbers are scores of classes, as far as
// it says.
func scores(m Model) bool {
	a, ok := m.(Answering)
	return !ok || a.Answer().Kind != score.Embedding && a.Answer().Kind != score.Regression
}

// OpenUsing opens a model with values of its sidecar set, as KEY=VALUE.
func (c *Controller) OpenUsing(path string, pairs ...string) {
	c.open(path, OpenOptions{Set: pairs})
}
