package onnx

import (
	"strings"
	"testing"
)

// TestErrorsStayShort wants one short line even where a file has names of
// megabytes and line breaks in them.
func TestErrorsStayShort(t *testing.T) {
	long := strings.Repeat("n\n", 1<<20)
	for name, m := range map[string]*Model{
		"missing":  tiny(13, op("Add", "x,"+long, "y")),
		"external": {IRVersion: 8, Opsets: map[string]int64{"": 13}, Path: t.TempDir() + "/m.onnx", Graph: outside(long)},
	} {
		err := m.Check()
		if err == nil || len(err.Error()) > 2000 || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error of %d bytes", name, len(err.Error()))
		}
	}
}

// outside is a graph whose one weight lies in another file.
func outside(location string) *Graph {
	g := tiny(13, op("Add", "x,w", "y")).Graph
	g.Initializers = []*Tensor{{Name: "w", Type: Float, Dims: []int64{1}, External: &External{Location: location}}}
	return g
}
