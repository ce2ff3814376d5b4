package metadata

import (
	"testing"

	"picasso/backend/bounded"
	"picasso/backend/onnx"
	"picasso/backend/preprocess"
)

func FuzzParseLabels(f *testing.F) {
	for _, text := range []string{
		"cat\ndog\n", "n01440764 tench\n", "0: cat\n1: dog", `["a", {"name": "b"}]`, `{"0": ["n1", "cat"]}`,
		`{"id2label": {"0": "cat"}}`, `{"cat": 0}`, "id,name\n0,cat\n", "0,\"cat", "\ufeff\r\n",
	} {
		f.Add("x.csv", []byte(text))
		f.Add("x.txt", []byte(text))
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		bounded.Run(t, bounded.Small(len(data)), func() {
			labels, err := ParseLabels(name, data)
			if err == nil && len(labels) == 0 {
				t.Fatal("no labels and no error")
			}
		})
	})
}

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
