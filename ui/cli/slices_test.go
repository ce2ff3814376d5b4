package cli_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"picasso/backend/npy"
)

// A model of three slices gets the neighbours of each slice of a folder; its
// gradient has one plane per slice.
func TestSlicesOfAFolderAsChannels(t *testing.T) {
	_, _ = sample(t, "tanks-fair") // skips without a library
	model := writeLookAlike(t, "torchvision", "net.picasso.json", `{"preprocess": {
		"channels": [{"source": "grey", "slice": -1}, {"source": "grey"}, {"source": "grey", "slice": 1}], "range": [-200, 600]}}`)
	folder, out := filepath.Join(t.TempDir(), "ct"), t.TempDir()
	paths := writeScan(t, folder, 4)
	code, _, stderr := picasso(t.Context(), "explain", "--model", model, "--image", folder, "--slices", "1:2",
		"--visualizer", "saliency", "--set", "channels=all", "--out", out)
	if code != 0 || strings.Contains(stderr, "neighbours") {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	maps, err := filepath.Glob(filepath.Join(out, "*", "saliency-*.npy"))
	if err != nil || len(maps) != 1 {
		t.Fatalf("maps %q, %v", maps, err)
	}
	data, err := os.ReadFile(maps[0])
	if err != nil {
		t.Fatal(err)
	}
	a, err := npy.Read(bytes.NewReader(data), 1<<24)
	if err != nil || len(a.Shape) != 3 || a.Shape[0] != 3 {
		t.Errorf("a map of shape %v, %v", a.Shape, err)
	}
	code, _, stderr = picasso(t.Context(), "explain", "--model", model, "--image", paths[1], "--visualizer", "prediction", "--out", out)
	if code != 0 || !strings.Contains(stderr, "neighbours") {
		t.Errorf("a slice alone ends with %d: %s", code, stderr)
	}
}
