package backend_test

import (
	"fmt"
	"os"
	"path/filepath"
	"picasso/backend/ort/orttest"
	"slices"
	"testing"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/onnx/zoo"
	"picasso/backend/score"
)

// TestRestamp opens the same network under two operator sets: the later one is
// lowered, and scores and gradients are those of the earlier one.
func TestRestamp(t *testing.T) {
	net, err := zoo.Network("squeezenet", 32)
	if err != nil {
		t.Fatal(err)
	}
	var scores, gradients [][]float32
	for _, version := range []int64{21, 22} {
		net.Opsets[""] = version
		net.IRVersion = 10
		data, err := net.Encode()
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), fmt.Sprintf("opset%d.onnx", version))
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		m := open(t, orttest.Runtime(t), path, backend.ModelOptions{Provider: infer.CPU})
		if _, said := m.Origins["opset"]; said != (version == 22) || m.File.Opsets[""] != 21 {
			t.Errorf("operator set %d runs as %d, said: %v", version, m.File.Opsets[""], said)
		}
		x := infer.NewTensor(m.Shape())
		for i := range x.Data {
			x.Data[i] = float32(i%17) / 17
		}
		s, err := m.Predict(t.Context(), []infer.Tensor{x})
		if err != nil {
			t.Fatal(err)
		}
		g, err := m.Gradient(t.Context(), []infer.Tensor{x}, []score.Target{score.ClassTarget(3, score.Logit)})
		if err != nil {
			t.Fatal(err)
		}
		scores, gradients = append(scores, s[0].Probabilities), append(gradients, g[0][0].Data)
		if file, err := onnx.Open(path); err != nil || file.Opsets[""] != version {
			t.Errorf("the file was changed: %v", err)
		}
	}
	if !slices.Equal(scores[0], scores[1]) || !slices.Equal(gradients[0], gradients[1]) {
		t.Error("scores or gradients differ between the operator sets")
	}
}
