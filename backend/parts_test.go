package backend_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/onnx/zoo"
	"picasso/backend/ort/orttest"
	"picasso/backend/perturb"
	"picasso/backend/perturb/perturbtest"
	"picasso/backend/score"
)

// TestClosedPartsAreOpenedAgain: a model that keeps no unused session gives the
// numbers of one that keeps them, bit for bit.
func TestClosedPartsAreOpenedAgain(t *testing.T) {
	keeps, forgets := zooModel(t, "squeezenet"), zooModel(t, "squeezenet")
	forgets.Keep(0, 0)
	rng := rand.New(rand.NewPCG(3, 3))
	base := perturbtest.Noise(rng, keeps.Input)
	batch, rects := covered(rng, base, 12, 24)
	targets := []score.Target{score.ClassTarget(3, score.Logit), score.ClassTarget(5, score.Logit)}
	of := func(m *backend.Model) (numbers []float32) {
		t.Helper()
		for range 2 {
			gradients, err := m.Gradient(t.Context(), []infer.Tensor{base}, targets)
			if err != nil {
				t.Fatal(err)
			}
			activation, layer, err := m.LayerGradient(t.Context(), m.LastLayer(), base, targets)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range slices.Concat(gradients[0], layer, []infer.Tensor{activation}) {
				numbers = append(numbers, x.Data...)
			}
			for _, s := range scored(t, copiesOf(t, m, base, rects, perturb.IncrementalEngine), batch, rects) {
				numbers = append(numbers, s.Logits...)
			}
		}
		return numbers
	}
	want, got := of(keeps), of(forgets)
	if len(want) == 0 || !slices.Equal(got, want) {
		t.Errorf("%d numbers differ from the %d of a model that keeps its sessions", len(got), len(want))
	}
	if n, bytes := keeps.Kept(); n < 3 || bytes == 0 {
		t.Errorf("%d sessions of %d bytes are kept; the test tells nothing", n, bytes)
	}
	if n, bytes := forgets.Kept(); n != 0 || bytes != 0 {
		t.Errorf("%d sessions of %d bytes are kept although none may be", n, bytes)
	}
}

// TestPartsOfAnotherFileAreNotOpened: what is opened again comes from the file that
// was opened first.
func TestPartsOfAnotherFileAreNotOpened(t *testing.T) {
	from, err := zoo.File("squeezenet")
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "model.onnx")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := backend.OpenModel(t.Context(), orttest.Runtime(t), path, backend.ModelOptions{Provider: infer.CPU})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	m.Keep(0, 0)
	x := m.Input.Pattern()
	targets := []score.Target{score.ClassTarget(1, score.Logit)}
	if _, err := m.Gradient(t.Context(), []infer.Tensor{x}, targets); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, slices.Concat(data, []byte{0x72, 0}), 0o600); err != nil { // another producer
		t.Fatal(err)
	}
	_, err = m.Gradient(t.Context(), []infer.Tensor{x}, targets)
	if err == nil || !strings.Contains(err.Error(), "changed") {
		t.Errorf("parts of a file that has changed: %v", err)
	}
}
