package onnx

import (
	"slices"
	"strconv"
)

// Tail is what lies between the scores of a model and an output that tells
// only the best classes, their names, or the scores in a form that is no
// tensor.
type Tail struct {
	// Tensor holds the scores: the output itself where nothing lies between.
	Tensor string
	// Nodes are what lies between, from the output backwards.
	Nodes []*Node
	// Names are those of the classes, where one of the nodes holds them.
	Names []string
	// Text tells that the nodes make text.
	Text bool
}

// FindTail looks back from an output through ArgMax, TopK, the maximum beside
// an ArgMax, thresholds, ZipMap, LabelEncoder, tables of labels, casts to other
// types and the classifiers of ai.onnx.ml for the tensor of scores in front of them. An output that is the
// scores has an empty tail.
func FindTail(m *Model, output string) Tail {
	f := tailFinder{model: m, index: m.Graph.Index()}
	if t, ok := f.scores(output); ok {
		return t
	}
	if t, ok := f.labels(output); ok {
		return t
	}
	return Tail{Tensor: output}
}

// SameValues tells whether two tensors hold scores of the same classes: one is
// the other moved or cast, or both are.
func SameValues(m *Model, a, b string) bool {
	index := m.Graph.Index()
	source := func(name string) string {
		for range len(m.Graph.Nodes) + 1 {
			n, slot := index.Producer(name)
			if n == nil || slot != 0 || !moves(n) && !n.Is("Softmax", "Sigmoid", "LogSoftmax") {
				return name
			}
			name = n.Input(0)
		}
		return name
	}
	return source(a) == source(b)
}

type tailFinder struct {
	model *Model
	index *Index
	tail  Tail
}

// pass notes a node that is looked through.
func (f *tailFinder) pass(n *Node) {
	f.tail.Nodes = append(f.tail.Nodes, n)
	text := n.Is("Cast") && DataType(n.AttrInt("to", 0)) == String || n.isML("LabelEncoder") && (n.Attr("values_strings") != nil || n.Attr("classes_strings") != nil)
	f.tail.Text = f.tail.Text || text
}

// found ends the search at the scores.
func (f *tailFinder) found(tensor string) (Tail, bool) {
	f.tail.Tensor = tensor
	return f.tail, true
}

// scores looks through what keeps scores but not their order or their form.
func (f tailFinder) scores(name string) (Tail, bool) {
	for range len(f.model.Graph.Nodes) + 1 {
		n, slot := f.index.Producer(name)
		switch {
		case n == nil:
			return Tail{}, false
		case n.isML("ZipMap"):
			f.pass(n)
			f.named(n)
			return f.found(n.Input(0))
		case n.Is("TopK") && slot == 0, n.Is("ReduceMax") && f.ranked(n.Input(0)):
			f.pass(n)
			return f.found(n.Input(0))
		case n.Is("Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Cast"):
			f.pass(n)
			name = n.Input(0)
		default:
			return Tail{}, false
		}
	}
	return Tail{}, false
}

// labels looks through what turns the number of the best class into a name or
// another number.
func (f tailFinder) labels(name string) (Tail, bool) {
	for range len(f.model.Graph.Nodes) + 1 {
		n, slot := f.index.Producer(name)
		if n == nil {
			return Tail{}, false
		}
		f.pass(n)
		switch {
		case n.Is("ArgMax"), n.Is("TopK") && slot == 1:
			return f.found(n.Input(0))
		case n.Is("Greater", "GreaterOrEqual") && f.index.IsConstant(n.Input(1)):
			return f.found(n.Input(0))
		case n.classifier() && slot == 0 && n.Output(1) != "":
			f.named(n)
			return f.found(n.Output(1))
		case n.isML("LabelEncoder"):
			f.named(n)
			name = n.Input(0)
		case n.isML("ArrayFeatureExtractor") && f.table(n.Input(0)), n.Is("Gather") && f.table(n.Input(0)):
			name = n.Input(1)
		case n.Is("Add", "Sub") && f.index.IsConstant(n.Input(1)):
			name = n.Input(0)
		case n.Is("Add") && f.index.IsConstant(n.Input(0)):
			name = n.Input(1)
		case n.Is("Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Cast"):
			name = n.Input(0)
		default:
			return Tail{}, false
		}
	}
	return Tail{}, false
}

// ranked tells whether the best class of a tensor is looked for: then its
// largest value is that class's score.
func (f tailFinder) ranked(tensor string) bool {
	return slices.ContainsFunc(f.index.Consumers(tensor), func(u Use) bool { return u.Node.Is("ArgMax") })
}

// table reports a constant list that numbers of classes are looked up in, and
// takes over its names.
func (f *tailFinder) table(name string) bool {
	t := f.index.Constant(name)
	if t == nil || t.Elements() < 1 || len(t.Dims) > 2 {
		return false
	}
	if t.Type == String {
		f.take(texts(t.Strings))
		f.tail.Text = true
	}
	return true
}

// named takes over the names of classes that a node holds.
func (f *tailFinder) named(n *Node) {
	for _, key := range []string{"classlabels_strings", "classes_strings"} {
		if a := n.Attr(key); a != nil {
			f.take(texts(a.Strings))
		}
	}
	for _, key := range []string{"classlabels_int64s", "classlabels_ints"} {
		f.take(numbersAsNames(n.AttrInts(key)))
	}
	if n.isML("LabelEncoder") {
		f.take(encoded(n))
	}
}

// take keeps the first names that are found.
func (f *tailFinder) take(names []string) {
	if len(f.tail.Names) == 0 {
		f.tail.Names = names
	}
}

// encoded are the names that a LabelEncoder gives the numbers 0…n−1, nil where
// it does something else.
func encoded(n *Node) []string {
	keys, values := n.AttrInts("keys_int64s"), n.Attr("values_strings")
	if values == nil || len(keys) != len(values.Strings) {
		return nil
	}
	names := make([]string, len(keys))
	for i, k := range keys {
		if k < 0 || k >= int64(len(names)) {
			return nil
		}
		names[k] = string(values.Strings[i])
	}
	return names
}

// numbersAsNames are class numbers of the user's own, such as 3, 5, 8; nil
// where they only count from 0.
func numbersAsNames(numbers []int64) []string {
	counts := true
	names := make([]string, len(numbers))
	for i, v := range numbers {
		counts = counts && v == int64(i)
		names[i] = strconv.FormatInt(v, 10)
	}
	if counts {
		return nil
	}
	return names
}

func texts(raw [][]byte) []string {
	out := make([]string, len(raw))
	for i, b := range raw {
		out[i] = string(b)
	}
	return out
}

// isML reports whether the node calls one of the given operators of the set
// for classical machine learning.
func (n *Node) isML(ops ...string) bool {
	return n != nil && n.Domain == "ai.onnx.ml" && slices.Contains(ops, n.OpType)
}

// classifier reports the classifiers of ai.onnx.ml: their first output is the
// best class, the second one the scores.
func (n *Node) classifier() bool {
	return n.isML("LinearClassifier", "TreeEnsembleClassifier", "SVMClassifier")
}
