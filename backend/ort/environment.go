//go:build cgo

package ort

import (
	"cmp"
	"fmt"
	"reflect"
	"sync"
	"unsafe"

	onnxruntime "github.com/yalue/onnxruntime_go"

	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/onnx/gradient/blocked"
	"picasso/backend/onnx/gradient/kernel"
	"picasso/backend/ort/workers"
)

// The binding keeps the loaded library in variables of its own, one per
// process, so their owner is one per process too. The environment lives until
// the process ends: sessions of several runtimes share it, and destroying it
// after WebGPU was tried hangs for ever inside the library.
var environment struct {
	sync.Mutex
	library string   // what was loaded, "" while nothing is
	looked  []string // what became of every place until then
	// operators are those of our own; nil where the library does not take them.
	operators *kernel.Operators
	known     bool  // the library knows their domain
	block     int64 // channels that it computes beside each other; 0 where it does not say
}

// loadEnvironment loads the first library that works and returns its path. It
// returns the library loaded earlier when there is one and the user did not ask
// for another.
func loadEnvironment(cfg Config) (string, []string, error) {
	environment.Lock()
	defer environment.Unlock()
	list, only := places(cfg)
	if loaded := environment.library; loaded != "" {
		if only && !anyPath(list, loaded) {
			return "", nil, &infer.NoRuntimeError{
				Looked: []string{fmt.Sprintf("%s: %s is already in use, and a program can use only one", list[0].path, loaded)},
				Remedy: "Start the program again to use the other library.",
			}
		}
		return loaded, environment.looked, nil
	}
	var looked []string
	for _, p := range list {
		if cfg.Brief {
			keepMore()
		}
		err := loadLibrary(p.path)
		if err == nil {
			looked = append(looked, p.line("loaded"))
			logLine(cfg, looked[len(looked)-1])
			environment.library, environment.looked = p.path, looked
			environment.operators, _ = kernel.New(p.path) // else sessions that need them say so
			return p.path, looked, nil
		}
		looked = append(looked, p.line(libraryFault(err)))
		logLine(cfg, looked[len(looked)-1])
	}
	return "", looked, &infer.NoRuntimeError{Looked: looked, Remedy: remedy(only)}
}

func anyPath(list []place, path string) bool {
	for _, p := range list {
		if p.path == path {
			return true
		}
	}
	return false
}

func loadLibrary(path string) error {
	onnxruntime.SetSharedLibraryPath(path)
	// The library writes its complaints on stderr, many lines each. What it says
	// is in the errors too, so only a crash may speak there.
	if err := onnxruntime.InitializeEnvironment(onnxruntime.WithLogLevelFatal()); err != nil {
		return err
	}
	// Nothing leaves the user's machine. Builds without telemetry answer with
	// an error, which is as good.
	_ = onnxruntime.DisableTelemetry()
	return nil
}

func logLine(cfg Config, line string) {
	if cfg.Log != nil {
		cfg.Log(line)
	}
}

// attachOperators lets the sessions of some options have our operators. The binding has
// no way to do so, and keeps what the library needs for it in a field of its own.
func attachOperators(o *onnxruntime.SessionOptions) error {
	environment.Lock()
	defer environment.Unlock()
	if err := introduce(); err != nil {
		return err
	}
	return attach(environment.operators, o)
}

func attach(operators *kernel.Operators, o *onnxruntime.SessionOptions) error {
	options := inC(o)
	if options == nil {
		return kernel.ErrNone
	}
	return operators.Attach(options)
}

// inC is what the library knows of options, nil where the binding keeps it elsewhere.
func inC(o *onnxruntime.SessionOptions) unsafe.Pointer {
	field := reflect.ValueOf(o).Elem().FieldByName("o")
	if field.Kind() != reflect.Pointer {
		return nil
	}
	return field.UnsafePointer()
}

// holdWorkers lets the session that is made with some options have threads that begin
// with its first run; nil where they begin when they are made.
func holdWorkers(o *onnxruntime.SessionOptions) *workers.Held {
	environment.Lock()
	defer environment.Unlock()
	held, err := workers.Hold(environment.operators.API(), inC(o))
	if err != nil {
		return nil
	}
	return held
}

// Block is the number of channels that the library computes beside each other on this
// machine, for graphs that hold them so; 0 where it has no operators for them, or takes
// none of ours.
func (r *Runtime) Block() int64 {
	if r.err != nil {
		return 0
	}
	environment.Lock()
	defer environment.Unlock()
	if introduce() != nil {
		return 0
	}
	return environment.block
}

// introduce makes the domain of our operators known to the library, by a session of one
// node. The library does that with the first session that has them, and two that are
// opened beside each other would both try, of which one fails. Another session tells how
// wide its blocks are. The environment is locked.
func introduce() error {
	if environment.known {
		return nil
	}
	bound := func(name string) *onnx.Attr { return onnx.FloatAttr(name, 0) }
	inside := &onnx.Node{OpType: "Inside", Domain: kernel.Domain, Inputs: []string{"x"}, Outputs: []string{"y"}, Attrs: []*onnx.Attr{bound("low"), bound("high")}}
	s, err := trial(inside, onnx.Uint8)
	if err != nil {
		return err
	}
	environment.known = true
	if err := s.Destroy(); err != nil {
		return err
	}
	environment.block = blockWidth()
	return nil
}

// trial is a session of one node, which takes a float32 tensor "x" of one place and gives "y".
func trial(n *onnx.Node, gives onnx.DataType) (*onnxruntime.DynamicAdvancedSession, error) {
	m := &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 18, kernel.Domain: 1, blocked.Domain: 1}, Graph: &onnx.Graph{
		Name:    "introduction",
		Nodes:   []*onnx.Node{n},
		Inputs:  []*onnx.Value{{Name: "x", Type: onnx.Float, Shape: []onnx.Dim{{Size: 1}, {Size: blocked.Alignment}, {Size: 1}, {Size: 1}}}},
		Outputs: []*onnx.Value{{Name: "y", Type: gives}},
	}}
	data, err := m.Encode()
	if err != nil {
		return nil, err
	}
	o, err := onnxruntime.NewSessionOptions()
	if err != nil {
		return nil, err
	}
	defer o.Destroy()
	if err := cmp.Or(o.SetIntraOpNumThreads(1), attach(environment.operators, o)); err != nil {
		return nil, err
	}
	return onnxruntime.NewDynamicAdvancedSessionWithONNXData(data, []string{"x"}, []string{"y"}, o)
}

// blockWidth brings channels into a block, and counts those that it has; 0 where that
// cannot be done.
func blockWidth() int64 {
	s, err := trial(&onnx.Node{OpType: "ReorderInput", Domain: blocked.Domain, Inputs: []string{"x"}, Outputs: []string{"y"}}, onnx.Float)
	if err != nil {
		return 0
	}
	defer s.Destroy()
	x, err := onnxruntime.NewTensor(onnxruntime.NewShape(1, blocked.Alignment, 1, 1), make([]float32, blocked.Alignment))
	if err != nil {
		return 0
	}
	defer x.Destroy()
	y := []onnxruntime.Value{nil}
	if err := s.Run([]onnxruntime.Value{x}, y); err != nil || y[0] == nil {
		return 0
	}
	defer y[0].Destroy()
	if shape := y[0].GetShape(); len(shape) == 4 && shape[1] >= blocked.Smallest && shape[1]%blocked.Smallest == 0 {
		return shape[1]
	}
	return 0
}
