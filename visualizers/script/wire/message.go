package wire

import "time"

// Kind says what a message is for.
type Kind string

// Messages to the interpreter.
const (
	Declare Kind = "declare" // Source, Limits: load the script and say what it is
	Run     Kind = "run"     // Job: explain one target; tensors x, probabilities and logits (may be empty)
	Answer  Kind = "answer"  // to a Call
)

// Messages from the interpreter.
const (
	Declared Kind = "declared" // Declaration
	Call     Kind = "call"     // Request: ask the host about the model
	Partial  Kind = "partial"  // Output so far
	Progress Kind = "progress" // Share and Text
	Print    Kind = "print"    // Text
	Finished Kind = "finished" // Output
	Failed   Kind = "failed"   // Fault
)

// Message is one message; which fields are used depends on the kind.
type Message struct {
	Kind        Kind         `json:"kind"`
	Source      *Source      `json:"source,omitempty"`
	Limits      *Limits      `json:"limits,omitempty"`
	Job         *Job         `json:"job,omitempty"`
	Declaration *Declaration `json:"declaration,omitempty"`
	Request     *Request     `json:"request,omitempty"`
	Output      []Item       `json:"output,omitempty"`
	Fault       *Fault       `json:"fault,omitempty"`
	Share       float64      `json:"share,omitempty"`
	Text        string       `json:"text,omitempty"`
	Shapes      [][]int      `json:"shapes,omitempty"`
	Tensors     []Tensor     `json:"-"`
}

// Tensor is a dense array in row-major order.
type Tensor struct {
	Shape []int
	Data  []float32
}

// Source is a script's text and the name errors give it.
type Source struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// Limits are what a script may use, in force before it is read.
type Limits struct {
	Memory int64         `json:"memory"` // bytes
	Steps  uint64        `json:"steps"`  // of the interpreter, per run
	Print  int           `json:"print"`  // bytes of printed text, per run
	CPU    time.Duration `json:"cpu"`    // of all threads of the process, while it lives
}

// Job is one target to explain.
type Job struct {
	Target       Target         `json:"target"`
	Values       map[string]any `json:"values"` // numbers, words, bools; extents as [height, width], of volumes [depth, height, width]
	Labels       []string       `json:"labels"`
	Layers       []Layer        `json:"layers,omitempty"`
	LastLayer    string         `json:"last_layer,omitempty"`
	HasLogits    bool           `json:"has_logits"`
	HasGradients bool           `json:"has_gradients"`
	HasPicture   bool           `json:"has_picture"`
	Batch        int            `json:"batch"`
	Depth        int            `json:"depth,omitempty"` // slices of a volume; 0 for a picture
}

// Target is the scalar to explain.
type Target struct {
	Class   int    `json:"class"`
	Against int    `json:"against"` // −1 for none
	Logit   bool   `json:"logit"`
	Symbol  string `json:"symbol"`
}

// Layer is an inner activation.
type Layer struct {
	Name     string `json:"name"`
	Channels int    `json:"channels"`
	Depth    int    `json:"depth,omitempty"` // slices; 0 in models of pictures
	Height   int    `json:"height"`
	Width    int    `json:"width"`
	Axes     string `json:"axes,omitempty"` // what the tensor's axes count: "N,C,h,w"
	Form     string `json:"form,omitempty"` // how it holds its map, in words
}

// Requests of an interpreter; tensors travel beside them.
const (
	CallRun           = "run"            // tensors → scores of each
	CallGradient      = "gradient"       // tensors → gradient of each
	CallActivations   = "activations"    // Layer, tensors → activation of each
	CallLayerGradient = "layer gradient" // Layer, one tensor → activation, gradient
	CallPicture       = "picture"        // Height, Width or 0 → the picture's raw values
	CallPrepare       = "prepare"        // raw values → the model's input
	CallEncode        = "encode"         // a raw colour → values per channel
	CallTrust         = "trust"          // Map, its tensor → Text: what the tests of trust found, in JSON
)

// Request is a question about the model.
type Request struct {
	Name   string `json:"name"`
	Layer  string `json:"layer,omitempty"`
	Logit  bool   `json:"logit,omitempty"`
	Height int    `json:"height,omitempty"`
	Width  int    `json:"width,omitempty"`
	Map    *Item  `json:"map,omitempty"`
	// Patches tell which of the tensors are only what differs from the image.
	Patches []Patch `json:"patches,omitempty"`
}

// Kinds of results.
const (
	ItemMap     = "map"
	ItemPicture = "image"
	ItemTable   = "table"
	ItemText    = "text"
)

// Item is one result. Tensor is its index among the message's tensors.
type Item struct {
	Kind     string             `json:"kind"`
	Title    string             `json:"title,omitempty"`
	Tensor   int                `json:"tensor,omitempty"`
	Unit     string             `json:"unit,omitempty"`
	Positive string             `json:"positive,omitempty"`
	Signed   bool               `json:"signed,omitempty"`
	Cells    bool               `json:"cells,omitempty"`
	Range    *[2]float64        `json:"range,omitempty"`
	Metrics  map[string]float64 `json:"metrics,omitempty"`
	Text     string             `json:"text,omitempty"`
	Columns  []string           `json:"columns,omitempty"`
	Rows     [][]any            `json:"rows,omitempty"`
}

// Fault is what went wrong in a script and where. Line and Column count from
// 1; 0 where the place is not known.
type Fault struct {
	Message string `json:"message"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Text    string `json:"text,omitempty"` // of the line
}
