package backend

import (
	"context"

	"picasso/backend/infer"
	"picasso/backend/onnx"
)

// Quarantine is what an [infer.Opener] may be, too: it tries models that were never seen before in a process of its own,
// where a crash of the library that runs them, or a lack of memory, does no
// harm. Package quarantine makes one of an opener.
type Quarantine interface {
	// Try begins the trial of a model whose structure was found sound. sum waits
	// for the checksum of its file.
	Try(file *onnx.Model, opt ModelOptions, sum func() (string, error)) Trial
}

// Trial is the trial of one model. The stages of opening it here follow those
// of the trial, so that both go on at the same time.
type Trial interface {
	// Opened waits until a session could be made, or the model is known not to
	// need a trial. The error is a sentence.
	Opened(ctx context.Context) error
	// Ran waits until the session could be run.
	Ran(ctx context.Context) error
	// Answer is what the model gave there for an input, one tensor for each output
	// of its session on the CPU; nil where that is not known. Ran was called.
	Answer(in infer.Tensor, outputs []infer.Port) []infer.Tensor
	// Passed remembers the model by its checksum.
	Passed(sum string)
	// Close ends the trial, whatever it does.
	Close()
}

// untried is the trial of models where there is no quarantine.
type untried struct{}

func (untried) Opened(context.Context) error                     { return nil }
func (untried) Ran(context.Context) error                        { return nil }
func (untried) Answer(infer.Tensor, []infer.Port) []infer.Tensor { return nil }
func (untried) Passed(string)                                    {}
func (untried) Close()                                           {}

// try begins the model's trial, where the opener makes some.
func try(o infer.Opener, file *onnx.Model, opt ModelOptions, sum func() (string, error)) Trial {
	if q, ok := o.(Quarantine); ok {
		return q.Try(file, opt, sum)
	}
	return untried{}
}
