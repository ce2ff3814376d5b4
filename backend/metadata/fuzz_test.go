package metadata

import (
	"testing"

	"picasso/backend/bounded"
	"picasso/backend/onnx"
	"picasso/backend/preprocess"
)

func FuzzSidecar(f *testing.F) {
	for _, text := range []string{
		`{"labels": ["a"], "size": [4, 4], "preprocess": {"color": "rgb", "scale": [1, 0]}}`,
		`{"preprocess": {"resize": {"mode": "crop", "filter": "box", "edge": 3, "pad": 1e300}, "clip": [0, 1]}}`,
		`{"activation": "none", "box": 1, "input": "", "output": 3}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		bounded.Run(t, bounded.Small(len(data)), func() {
			s, err := parseSidecar(data)
			if err != nil {
				return
			}
			facts := &Facts{File: &onnx.Model{}, Origin: make(map[string]string)}
			if s.apply(facts, "none/x.json") == nil && facts.Size != [2]int{} && (!preprocess.SideOK(facts.Size[0]) || !preprocess.SideOK(facts.Size[1])) {
				t.Fatalf("size %v was taken", facts.Size)
			}
		})
	})
}
