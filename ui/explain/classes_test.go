package explain

import (
	"strings"
	"testing"

	"picasso/backend/metadata"
	"picasso/backend/score"
)

// What is in doubt is called a score, not a probability, until it is settled.
func TestScoresInDoubtAreNoProbabilities(t *testing.T) {
	b := newBench(t)
	b.Model.Known.Doubts = []metadata.Doubt{{Key: "activation", Text: "They are probably scores."}}
	b.Explained()
	p := b.classes
	if p.title.Text != "SCORES, PROBABLY" || p.score.Options[0] != "score" || p.score.Selected != "score" {
		t.Errorf("heading %q, scales %q, chosen %q", p.title.Text, p.score.Options, p.score.Selected)
	}
	if err := b.C.Choose(metadata.Choices{Activation: score.Softmax}); err != nil {
		t.Fatal(err)
	}
	b.Q.Until(t, "settled", func() bool { return p.title.Text == "CLASSES" })
	if strings.Join(p.score.Options, " ") != "probability logit" || p.score.Selected != "probability" {
		t.Errorf("scales %q, chosen %q", p.score.Options, p.score.Selected)
	}
}

// Values have no scale to choose.
func TestValuesPerPixelAreValues(t *testing.T) {
	b := newBench(t)
	b.Model.Known.Output.Kind = score.Dense
	b.Explained()
	if p := b.classes; p.title.Text != "VALUES" || p.score.Visible() {
		t.Errorf("heading %q, scales shown: %v", p.title.Text, p.score.Visible())
	}
}
