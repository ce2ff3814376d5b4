// Package blocked rewrites graphs so that what the runtime computes in blocks of channels
// on a CPU stays in them, through operators of our own too.
//
// ONNX Runtime holds tensors [N, C, H, W] as [N, C/b, H, W, b] for its convolutions and
// poolings, where b suits the processor (Georganas et al. 2018, arXiv:1808.05567), and
// brings them into rows of the picture wherever an operator stands that it does not know
// in blocks. Its own optimizer does so around every operator of ours. Here the same operators of
// the runtime are written into the graph beforehand, and ours take blocks.
//
// A tensor in blocks has the shape [N, C', H, W], where C' is C rounded up to whole blocks.
// What lies behind channel C is any finite number, and meets weights that are 0.
package blocked

import "picasso/backend/onnx"

// Domain is the one in which the runtime has operators for blocks, of version 1.
const Domain = "com.microsoft.nchwc"

// Smallest is the smallest block for which a graph is rewritten.
const Smallest = 8

// Alignment is what the number of channels must be a multiple of for the runtime to bring
// them into blocks.
const Alignment = 4

// Rewriting says how to rewrite a graph.
type Rewriting struct {
	// Block is the number of channels of a block.
	Block int64
	// Shape is what is known of a tensor of the graph: [N, C, H, W] of those with
	// four axes; nil where nothing is known. N is −1 where it counts pictures or scores.
	Shape func(tensor string) []int64
	// Given is the name under which an input can be had in blocks, "" where it cannot.
	// nil: none can; the graph is the user's, of whose nodes the runtime joins some with
	// convolutions first, which then are left to it.
	Given func(input string) string
	// Scores is the symbol by which the graph counts scores along N; "": what operators
	// of ours give is no gradient.
	Scores string
	// Model is the user's, of which the graph has constants under their own names; nil:
	// all of them are read from the graph.
	Model *onnx.Model
	// Wanted are the outputs that are to be given in blocks. Their channels fill them.
	Wanted map[string]bool
}

// Fits tells whether a tensor of the shape has whole blocks of channels.
func Fits(block int64, shape []int64) bool {
	return len(shape) == 4 && shape[1] > 0 && shape[1]%block == 0
}

// Apply rewrites a graph whose nodes are in order. Inputs that are to be given in
// blocks take the place of those in rows, or stand behind them where both are used. Weights
// that sessions are to fill become the last inputs, in order. The
// error says which output cannot be given as it is wanted.
func (w Rewriting) Apply(m *onnx.Model) ([]Weights, error) {
	r := newRewriter(w, m)
	for _, n := range m.Graph.Nodes {
		r.node(n)
	}
	return r.weights, r.finish()
}
