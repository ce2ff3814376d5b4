package metadata

import (
	_ "embed" // the schema
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"picasso/backend/files"
	"picasso/backend/jsondoc"
	"picasso/backend/preprocess"
)

// Sidecar is the file MODEL.picasso.json beside a model: what the user, or the
// maker of the model, wrote down about its use. Every key may be missing; see
// docs/sidecar.md for all of them. Keys that the program does not know are kept
// when it is saved.
//
//	{
//	  "input": "data",                  name of the picture input
//	  "inputs": {"mask": 1},            constants for the other inputs
//	  "size": [224, 224],               height and width, where the file leaves them open
//	  "output": "prob",                 name of the class output
//	  "kind": "classes",                "classes", "segmentation", "detection", "regression" or "embedding"
//	  "activation": "softmax",          "softmax", "sigmoid" or "none"
//	  "box": 19,                        detection: the box whose classes are scored
//	  "region": "mask",                 segmentation: "all", "mask" or [left, top, right, bottom]
//	  "reference": "cat.png",           embedding: the picture that others are compared with
//	  "labels": ["cat", "dog"],         or the name of a label file beside the sidecar
//	  "preprocess": { … }               see [Preprocess]
//	}
type Sidecar struct {
	root *jsondoc.Node
	keys map[string]json.RawMessage // of the whole file
	pre  map[string]json.RawMessage // of "preprocess"
}

// sidecarSchema is the JSON Schema that sidecars follow (docs/sidecar.md).
//
//go:embed sidecar.schema.json
var sidecarSchema []byte

const maxSidecar = 16 << 20

// SidecarPath is where the sidecar of a model lies: MODEL.picasso.json, the
// extension of the model left out.
func SidecarPath(model string) string { return base(model) + ".picasso.json" }

// SidecarError is a mistake in a sidecar.
type SidecarError struct {
	Path string
	Err  error
}

func (e *SidecarError) Error() string {
	return fmt.Sprintf("%s: %v", filepath.Base(e.Path), e.Err)
}

// Unwrap gives the mistake, often a *[KeyError].
func (e *SidecarError) Unwrap() error { return e.Err }

// sidecarFile is the sidecar the user named, or else the one beside the model.
type sidecarFile struct{ path string }

func (s sidecarFile) Find(f *Facts) error {
	path := s.path
	if path == "" {
		path = SidecarPath(f.path)
		if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
			return nil
		}
	}
	data, err := files.Read(path, maxSidecar)
	if err != nil {
		return &SidecarError{path, fmt.Errorf("cannot be read: %w", err)}
	}
	sidecar, err := parseSidecar(data)
	if err == nil {
		err = sidecar.apply(f, path)
	}
	if err != nil {
		return &SidecarError{path, err}
	}
	f.Sidecar, f.sidecarPath = sidecar, path
	return nil
}

// parseSidecar reads a sidecar and checks it against the schema.
func parseSidecar(data []byte) (*Sidecar, error) {
	root, err := jsondoc.Parse(data)
	if err != nil {
		return nil, err
	}
	if root.Kind != jsondoc.Object {
		return nil, errors.New("must be a JSON object {…}")
	}
	schema, err := jsondoc.ParseSchema(sidecarSchema)
	if err != nil {
		return nil, err
	}
	for _, p := range schema.Check(root) {
		if !p.Unknown {
			return nil, &preprocess.KeyError{Key: p.Path, Fault: p.Fault, Line: p.Line}
		}
	}
	s := &Sidecar{root: root}
	if err := root.Decode(&s.keys); err != nil {
		return nil, err
	}
	if pre := root.At("preprocess"); pre != nil {
		err = pre.Decode(&s.pre)
	}
	return s, err
}

// locate adds the line to a mistake that was found later.
func (s *Sidecar) locate(err error) error {
	var key *preprocess.KeyError
	if s == nil || !errors.As(err, &key) || key.Line > 0 {
		return err
	}
	name, _, _ := strings.Cut(key.Key, "[")
	if n := s.root.At(strings.Split(name, ".")...); n != nil {
		return &preprocess.KeyError{Key: key.Key, Fault: key.Fault, Line: n.Line}
	}
	return err
}

// unknown lists keys that may be typing mistakes.
func (s *Sidecar) unknown() []jsondoc.Problem {
	schema, err := jsondoc.ParseSchema(sidecarSchema)
	if err != nil {
		return nil
	}
	return slices.DeleteFunc(schema.Check(s.root), func(p jsondoc.Problem) bool { return !p.Unknown })
}
