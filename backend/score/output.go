package score

// Activation says how probabilities come about from the raw scores (logits).
type Activation string

// Activations.
const (
	Softmax  Activation = "softmax" // classes exclude each other
	Sigmoid  Activation = "sigmoid" // every class for itself
	Identity Activation = "none"    // the output's values are the scores, as they are
)

// OutputKind is what the entries of a model's output are.
type OutputKind string

// Kinds of output.
const (
	// Classes is one score per class.
	Classes OutputKind = "classes"
	// Segmentation is one score per class and pixel; the score of a class is
	// the sum over a region.
	Segmentation OutputKind = "segmentation"
	// Detection is one row of class scores per box; the score of a class is
	// that of one box.
	Detection OutputKind = "detection"
	// Regression is one value, or several, that are no classes.
	Regression OutputKind = "regression"
	// Embedding is a vector that is no class scores; what counts is its cosine
	// to the embeddings of other pictures.
	Embedding OutputKind = "embedding"
	// Selection is the boxes that a detector has selected itself, each with a
	// score and the number of its class; the score of a class is the largest
	// one with its number.
	Selection OutputKind = "selection"
	// Sequence is one score per class and step, as readers of text give them;
	// the score of a class is that of its best step, or of one step.
	Sequence OutputKind = "sequence"
	// Dense is one value per pixel that is no class score, such as a depth; what
	// is explained is its sum over a region.
	Dense OutputKind = "dense"
)

// Kinds lists the kinds of output.
func Kinds() []OutputKind {
	return []OutputKind{Classes, Segmentation, Detection, Selection, Sequence, Dense, Regression, Embedding}
}

// OfClasses tells that the entries are scores of classes, not values that mean
// something by themselves.
func (k OutputKind) OfClasses() bool { return k != Regression && k != Embedding && k != Dense }

// Output is the model's output that holds the classes.
type Output struct {
	Name        string // of the output, or of the scores in front of an ArgMax
	Kind        OutputKind
	Classes     int        // number of classes as the user sees them
	Activation  Activation // how probabilities come about from logits
	InGraph     bool       // the activation is part of the graph: the output holds probabilities
	Log         bool       // the output holds logarithms of probabilities (LogSoftmax)
	LogitTensor string     // tensor of the graph that holds the logits, "" when none was found
	LogitAxis   int        // of the classes in the logit tensor, batch included
	// BoxLogits is where the class scores of boxes come from in the logit tensor,
	// box by box; nil where that tensor has the form of the output.
	BoxLogits []int32
	// Binary marks a single value (logit z or probability p of "yes") shown as
	// two classes: 0 with logit −z, 1 with logit z.
	Binary bool
	// Box is the row of a detection output whose classes are scored, or −1 for
	// the best box of each picture.
	Box    int
	Axis   int    // axis of the classes in the output's own shape, batch included
	Skip   int    // detection: numbers before the class scores in a row (box, objectness)
	Tail   int    // detection: numbers behind the class scores (mask coefficients, key points)
	Shape  []int  // of the output for one picture, batch included
	Region Region // segmentation and dense values: the pixels that are summed
	// Step is the step of a sequence whose classes are scored, or −1 for the best
	// step of each class.
	Step     int
	Selected Selected // selection: where the boxes' scores and classes are
	// Whole tells that all of the output belongs to one picture: it has no batch
	// in front, so that pictures are run one by one.
	Whole bool
	Value string // regression: name of the value, "" when unknown
	Unit  string // regression: unit of the value
	// Dimensions is the length of an embedding's vector. Its classes are the
	// references, or where there are none the numbers of the vector.
	Dimensions int
	Origin     string // how kind and activation were found, in words
}
