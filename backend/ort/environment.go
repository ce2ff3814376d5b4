//go:build cgo

package ort

import (
	"fmt"
	"reflect"
	"sync"

	onnxruntime "github.com/yalue/onnxruntime_go"

	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/onnx/gradient/kernel"
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
	known     bool // the library knows their domain
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
	if !environment.known {
		if err := introduce(environment.operators); err != nil {
			return err
		}
		environment.known = true
	}
	return attach(environment.operators, o)
}

func attach(operators *kernel.Operators, o *onnxruntime.SessionOptions) error {
	field := reflect.ValueOf(o).Elem().FieldByName("o")
	if field.Kind() != reflect.Pointer {
		return kernel.ErrNone
	}
	return operators.Attach(field.UnsafePointer())
}

// introduce makes the domain of our operators known to the library, by a session of one
// node. The library does that with the first session that has them, and two that are
// opened beside each other would both try, of which one fails.
func introduce(operators *kernel.Operators) error {
	bound := func(name string) *onnx.Attr { return &onnx.Attr{Name: name, Kind: onnx.AttrFloat} }
	m := &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 18, kernel.Domain: 1}, Graph: &onnx.Graph{
		Name:    "introduction",
		Nodes:   []*onnx.Node{{OpType: "Inside", Domain: kernel.Domain, Inputs: []string{"x"}, Outputs: []string{"y"}, Attrs: []*onnx.Attr{bound("low"), bound("high")}}},
		Inputs:  []*onnx.Value{{Name: "x", Type: onnx.Float, Shape: []onnx.Dim{{Size: 1}}}},
		Outputs: []*onnx.Value{{Name: "y", Type: onnx.Uint8, Shape: []onnx.Dim{{Size: 1}}}},
	}}
	data, err := m.Encode()
	if err != nil {
		return err
	}
	o, err := onnxruntime.NewSessionOptions()
	if err != nil {
		return err
	}
	defer o.Destroy()
	if err := attach(operators, o); err != nil {
		return err
	}
	s, err := onnxruntime.NewDynamicAdvancedSessionWithONNXData(data, []string{"x"}, []string{"y"}, o)
	if err != nil {
		return err
	}
	return s.Destroy()
}
