package infer

import (
	"context"

	"picasso/backend/onnx"
)

// Session runs one ONNX graph. It is safe for concurrent use.
type Session interface {
	// Inputs and Outputs list the ports in the order Run uses.
	Inputs() []Port
	Outputs() []Port
	// Run feeds one tensor per input port and returns one per output port.
	// Elements are converted from and to each port's own type. When ctx ends
	// the run is stopped and ctx's error returned.
	Run(ctx context.Context, inputs []Tensor) ([]Tensor, error)
	// Provider names what runs the graph: "CPU", "CUDA", …
	Provider() string
	Close() error
}

// Port is one input or output of a session. Shape has −1 where the length is
// not fixed.
type Port struct {
	Name  string
	Type  onnx.DataType
	Shape []int
}

// Source is the model a session is made from: a file by its path, or the bytes
// of a model whose external tensors are looked up in Folder.
type Source struct {
	Path   string
	Bytes  []byte // used instead of Path when not nil
	Folder string // for external data of Bytes
	// Fixed are the model's last inputs, which the session fills when it is opened, and
	// gives to every run: they are none of its [Session.Inputs].
	Fixed []Fixed
}

// Fixed writes a float32 input in row-major order, of the fixed shape that the model states,
// to memory that holds anything.
type Fixed func(data []float32) error

// SessionOptions are hints that never change results beyond rounding.
type SessionOptions struct {
	Provider ProviderName // "" is auto
	Threads  int          // inside one operator; 0 leaves it to the runtime
	Prepack  bool         // keep repacked copies of weights: faster matrix products, more memory
	Use      Use          // what the session is for, in reports
	Mapped   bool         // use weights where they lie in their file, however small; it must not change
}

// Use is what a session is for.
type Use string

// Uses of sessions.
const (
	Predicting      Use = "prediction"
	Differentiating Use = "gradient" // passes forward and backward, probes
	Cropped         Use = "part"     // of a network, for incremental inference
	Covering        Use = "covering" // of pictures inside the graph
	Lane            Use = "lane"
)

// ProviderName is an execution provider as users write it.
type ProviderName string

// Execution providers. Auto tries the fastest that works on the system.
const (
	Auto     ProviderName = "auto"
	CPU      ProviderName = "cpu"
	CUDA     ProviderName = "cuda"
	DirectML ProviderName = "directml"
	CoreML   ProviderName = "coreml"
	WebGPU   ProviderName = "webgpu"
)

// Opener makes sessions. Package ort opens them with ONNX Runtime, package
// fake with functions whose answers are known.
type Opener interface {
	Open(ctx context.Context, src Source, opt SessionOptions) (Session, error)
	// Block is the number of channels that sessions on this machine's processor compute
	// beside each other, in graphs that hold them in such blocks; 0 where they take none.
	Block() int64
}

// Runtime is an Opener that can tell about itself.
type Runtime interface {
	Opener
	// Version is the release of the engine, "" when there is none.
	Version() string
	Diagnose(ctx context.Context) Diagnosis
}

// Diagnosis says in words what runs models on this machine and why other
// things do not.
type Diagnosis struct {
	Library   string    `json:"library"`   // path of the loaded library, "" when none
	Version   string    `json:"version"`   // its version, "" when none
	Err       string    `json:"error"`     // why there is none, and the remedy
	Looked    []string  `json:"looked"`    // where it was looked for, in order
	Providers []Attempt `json:"providers"` // every execution provider and its state
	Threads   int       `json:"threads"`   // in an operator on the CPU, where nothing else was asked for; 0: the engine decides
}

// Attempt is one execution provider: usable, or why not.
type Attempt struct {
	Provider ProviderName `json:"provider"`
	OK       bool         `json:"ok"`
	Reason   string       `json:"reason,omitempty"`
}
