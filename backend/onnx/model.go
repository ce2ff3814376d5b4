package onnx

import "google.golang.org/protobuf/encoding/protowire"

// Model is one ONNX file: the header, the main graph and the local functions.
//
// Everything the package does not interpret is kept as the bytes it was read
// from, so that decoding and encoding an untouched model loses nothing.
type Model struct {
	Path      string // file the model was read from, "" when it came from memory
	IRVersion int64
	Producer  string // producer_name and producer_version joined by a space
	Domain    string
	Version   int64            // model_version
	Doc       string           // doc_string
	Opsets    map[string]int64 // operator set version by domain; "" is ai.onnx
	Metadata  map[string]string
	Graph     *Graph
	Functions []*Function

	root     string           // where references to other files start, "" for the folder of Path
	producer [2]string        // producer_name and producer_version, as read
	opsets   []entry[int64]   // as read
	metadata []entry[string]  // as read
	stamp    stamp            // of the file that spans point into
	beside   map[string]stamp // of the other files of weights, by location, as they were checked
	unknown  []byte           // fields that the package does not know, as read
}

// Graph is a list of nodes in execution order, with the values that enter and
// leave it.
type Graph struct {
	Name         string
	Nodes        []*Node
	Inputs       []*Value
	Outputs      []*Value
	ValueInfo    []*Value // shapes of inner tensors that the exporter wrote down
	Initializers []*Tensor

	unknown []byte
}

// Node is one operator call. An empty input or output name is an omitted
// optional argument.
type Node struct {
	Name    string
	OpType  string
	Domain  string // "" is ai.onnx
	Inputs  []string
	Outputs []string
	Attrs   []*Attr

	unknown []byte
}

// AttrKind says which field of an [Attr] holds its value; the numbers are
// those of AttributeProto.AttributeType.
type AttrKind int32

// Kinds of attributes.
const (
	AttrFloat   AttrKind = 1
	AttrInt     AttrKind = 2
	AttrString  AttrKind = 3
	AttrTensor  AttrKind = 4
	AttrGraph   AttrKind = 5
	AttrFloats  AttrKind = 6
	AttrInts    AttrKind = 7
	AttrStrings AttrKind = 8
	AttrTensors AttrKind = 9
	AttrGraphs  AttrKind = 10
)

// Attr is a named constant argument of a node.
type Attr struct {
	Name    string
	Kind    AttrKind
	Ref     string // ref_attr_name, inside functions only
	F       float32
	I       int64
	S       []byte
	T       *Tensor
	G       *Graph
	Floats  []float32
	Ints    []int64
	Strings [][]byte
	Tensors []*Tensor
	Graphs  []*Graph

	unknown []byte
}

// Value is a named tensor that enters, leaves or crosses the graph.
// Shape is nil where the file states no shape (not even a rank).
type Value struct {
	Name  string
	Type  DataType // 0 when the value is not a tensor or states no type
	Shape []Dim

	typ     []byte // TypeProto as read, kept while Type and Shape agree with it
	unknown []byte
}

// Dim is one axis: a fixed length, or (Size −1) an unknown length, which may
// have a name.
type Dim struct {
	Size       int64 // −1 when unknown
	Symbol     string
	Denotation string // what the axis is: "DATA_BATCH", "DATA_CHANNEL", "DATA_FEATURE", or ""
}

// Function is a local function of the model (FunctionProto).
type Function struct {
	Name    string
	Domain  string
	Inputs  []string
	Outputs []string
	Attrs   []string // attribute parameters without a default
	Default []*Attr  // attribute parameters with a default
	Nodes   []*Node
	Opsets  map[string]int64

	opsets  []entry[int64] // as read
	unknown []byte
}

// Tensor is a constant. Its elements lie in one of three places: in memory
// (Raw, little-endian as in raw_data), in the model's own file (Span), or in
// another file named by the model (External). Weights of a file on disk stay
// there: decoding records where they are and copies nothing.
type Tensor struct {
	Name     string
	Type     DataType
	Dims     []int64
	Raw      []byte    // elements in memory; nil when they lie elsewhere
	Span     *Span     // elements in the model's own file
	External *External // elements in another file
	Strings  [][]byte  // elements of a String tensor

	field   protowire.Number // field the elements came in; 0 is raw_data
	unknown []byte
}

// Span is a range of bytes of the model's file.
type Span struct{ Offset, Length int64 }

// External names a range of bytes of a file beside the model
// (TensorProto.external_data). Length 0 means up to the end.
type External struct {
	Location       string
	Offset, Length int64
	Checksum       string

	unknown [][2]string // further keys, as read
}
