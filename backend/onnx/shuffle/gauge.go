package shuffle

import (
	"context"
	"math"

	"picasso/backend/onnx"
)

// Gauge is a form of a network that gives what some of its units write, each to
// be multiplied by a factor of its own before it goes on.
type Gauge struct {
	Model *onnx.Model
	// Factors are the inputs for the factors, of no axes, and Outputs the outputs
	// for what the units write before they are multiplied: one for each unit, ""
	// for those that cannot be scaled (quantised ones).
	Factors, Outputs []string
}

// NewGauge makes the gauge of units of m.
func NewGauge(m *onnx.Model, units []Unit) (*Gauge, error) {
	g := &Gauge{Model: m.Clone(), Factors: make([]string, len(units)), Outputs: make([]string, len(units))}
	graph := g.Model.Graph
	x := graph.Index()
	var outputs []string
	for i, u := range units {
		if u.Type == 0 {
			continue
		}
		plain, factor := u.Output+".picasso.plain", u.Output+".picasso.factor"
		n, slot := x.Producer(u.Output)
		n.Outputs[slot] = plain
		graph.Nodes = append(graph.Nodes, &onnx.Node{OpType: "Mul", Inputs: []string{plain, factor}, Outputs: []string{u.Output}})
		graph.Inputs = append(graph.Inputs, &onnx.Value{Name: factor, Type: u.Type, Shape: []onnx.Dim{}})
		g.Factors[i], g.Outputs[i] = factor, plain
		outputs = append(outputs, plain)
	}
	if err := graph.Expose(outputs...); err != nil {
		return nil, err
	}
	graph.KeepOutputs(outputs...)
	graph.Prune()
	return g, graph.Sort()
}

// OutOfProportion is the ratio of the spread of a unit's output to what it was
// with its own weights, or its inverse, from which it is corrected.
const OutOfProportion = 10

// Measure runs a gauge with factors and gives the standard deviation of what each
// unit writes, NaN for units without a factor.
type Measure func(ctx context.Context, factors []float64) ([]float64, error)

// Settle finds the factors that bring units with other weights back into
// proportion: networks without their own statistics of normalisation layers
// explode or vanish, and then say nothing about a method. want are the
// deviations with the network's own weights, from the top as the units. From the
// bottom up, each unit that is out of proportion gets the factor that restores
// its deviation (as LSUV does, Mishkin & Matas 2016); all others 1.
func Settle(ctx context.Context, want []float64, measure Measure) ([]float64, error) {
	factors := make([]float64, len(want))
	for i := range factors {
		factors[i] = 1
	}
	got, err := measure(ctx, factors)
	for i := len(want) - 1; i >= 0 && err == nil; i-- {
		ratio := got[i] / want[i]
		if !(ratio > 0) || math.IsInf(ratio, 0) || ratio <= OutOfProportion && ratio >= 1.0/OutOfProportion {
			continue
		}
		factors[i] = 1 / ratio
		got, err = measure(ctx, factors)
	}
	return factors, err
}
