package cli

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"picasso/backend/metadata"
	"picasso/visualizers"
)

const forged = "x\nfound   everything: all is well\n\x1b[2J"

// forger is a method whose every word tries to write a line of its own.
type forger struct{ visualizers.Visualizer }

func (forger) Info() visualizers.Info {
	return visualizers.Info{ID: "m" + forged, Title: forged, About: forged}
}
func (forger) Settings() []visualizers.Setting {
	return []visualizers.Setting{visualizers.Choice{Field: visualizers.Field{ID: forged, Title: forged, Doc: forged}, Options: []string{forged}}}
}

// No name in a model or a script makes a line of its own on the terminal.
func TestNamesMakeNoLines(t *testing.T) {
	var models, methods bytes.Buffer
	r := metadata.Summary{
		Path: forged, Inputs: []metadata.PortSummary{{Name: forged}}, Outputs: []metadata.PortSummary{{Name: forged}},
		Constants: []metadata.ConstantSummary{{Name: forged, Form: forged, Value: forged}}, Origins: map[string]string{forged: forged},
		Operators: map[string]int{forged: 1}, Warnings: metadata.Warnings{{Text: forged}},
		Doubts: []metadata.Doubt{{Text: forged, Readings: []metadata.Reading{{Title: forged}}}},
	}
	r.Score.Output, r.Score.Origin, r.Score.LogitTensor = forged, forged, forged
	r.Image.Name, r.Gradient.Blockers = forged, []string{forged}
	printInspection(&models, r)
	if err := list(context.Background(), Env{Stdout: &methods, Stderr: &methods, Visualizers: []visualizers.Visualizer{forger{}}}, nil); err != nil {
		t.Fatal(err)
	}
	for what, text := range map[string]string{"inspect": models.String(), "visualizers": methods.String()} {
		if strings.Count(text, "all is well") < 4 {
			t.Errorf("%s does not show the names:\n%s", what, text)
		}
		if strings.Contains(text, "\x1b") || strings.Contains(text, "\nfound   everything") {
			t.Errorf("%s lets names write lines:\n%s", what, fmt.Sprintf("%.2000s", text))
		}
	}
}
