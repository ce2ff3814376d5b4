package gradient_test

import (
	"picasso/backend/infer"
	"testing"
	"time"

	"picasso/backend/onnx"
	"picasso/backend/onnx/gradient"
	"picasso/backend/onnx/zoo"
)

// largeGraph has some six thousand nodes.
func largeGraph() *onnx.Model { return zoo.Windows([]int{2, 2, 10, 2}, 12, 224) }

// TestProbeIsNoLargerThanTheModel keeps preparation linear in the graph: the
// runtime's time to open a graph grows with the square of the inputs of a node
// and with every tensor that is observed.
func TestProbeIsNoLargerThanTheModel(t *testing.T) {
	m := largeGraph()
	p, err := gradient.NewProbe(m)
	if err != nil {
		t.Fatal(err)
	}
	nodes := len(m.Graph.Nodes)
	if nodes < 6000 {
		t.Fatalf("the graph has only %d nodes", nodes)
	}
	if added := len(p.Model.Graph.Nodes) - nodes; added > nodes/2 {
		t.Errorf("the probe adds %d nodes to %d, most of which compute shapes", added, nodes)
	}
	for _, n := range p.Model.Graph.Nodes {
		if len(n.Inputs) > 64 {
			t.Errorf("%s has %d inputs", n.Label(), len(n.Inputs))
		}
	}
}

// BenchmarkPrepare measures everything between a model and its first gradient,
// per node of the graph.
func BenchmarkPrepare(b *testing.B) {
	r := library(b)
	m := largeGraph()
	in := infer.NewTensor(1, 3, 224, 224)
	for k := range in.Data {
		in.Data[k] = float32(k*7919%1000)/500 - 1
	}
	var elapsed time.Duration
	for b.Loop() {
		began := time.Now()
		ready := newBench(b, r, m, in)
		out := m.Graph.Outputs[0].Name
		plan, err := gradient.Build(ready.model, ready.facts, out, []string{"image"}, gradient.Options{})
		if err != nil {
			b.Fatal(err)
		}
		ready.openForward(append(plan.Activations, out))
		ready.openBackward(plan)
		elapsed += time.Since(began)
	}
	b.ReportMetric(float64(elapsed.Microseconds())/float64(b.N*len(m.Graph.Nodes)), "µs/node")
}
