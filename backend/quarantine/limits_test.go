package quarantine

import (
	"os"
	"path/filepath"
	"testing"

	"picasso/backend/onnx"
)

func TestLimitsFollowTheWeightsAndTheUser(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "m.onnx")
	for name, size := range map[string]int64{path: 1 << 20, filepath.Join(folder, "weights.bin"): 3 << 30} {
		f, err := os.Create(name)
		if err == nil {
			err = f.Truncate(size) // takes no room
		}
		if err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	m := &onnx.Model{Path: path, Graph: &onnx.Graph{}}
	if got := LimitsOf(m).Memory; got != leastMemory {
		t.Errorf("a small model may take %d MB", got>>20)
	}
	m.Graph.Initializers = []*onnx.Tensor{{Name: "w", External: &onnx.External{Location: "weights.bin", Length: 3 << 30}}}
	if got := LimitsOf(m); got.Memory < 24<<30 || got.Open < 2*leastTime {
		t.Errorf("a model of 3 GB may take %d MB and %v", got.Memory>>20, got.Open)
	}
	for text, want := range map[string]int64{"100": 100 << 20, "-1": leastMemory, "x": leastMemory, "9223372036854775807": 1 << 40} {
		t.Setenv(Variable, text)
		if got := LimitsOf(&onnx.Model{Path: path, Graph: &onnx.Graph{}}).Memory; got != want {
			t.Errorf("%q allows %d MB", text, got>>20)
		}
	}
}
