package quarantine

import (
	"errors"
	"fmt"
	"time"

	"picasso/backend/confine"
	"picasso/backend/onnx"
	"picasso/backend/visible"
)

// stage is how far the child came.
type stage string

const (
	ready  stage = "ready"  // it has loaded the library, and waits for a request
	opened stage = "opened" // there is a session
	ran    stage = "ran"    // it gave an answer
	failed stage = "failed" // the opening failed in an orderly way
)

// report is what the child says, one line of JSON each.
type report struct {
	Stage   stage   `json:"stage"`
	Library string  `json:"library,omitempty"` // that is loaded; of ready alone
	Memory  bool    `json:"memory,omitempty"`  // failed for lack of memory
	Slow    bool    `json:"slow,omitempty"`    // failed for lack of time
	Fault   string  `json:"fault,omitempty"`
	Answer  *answer `json:"answer,omitempty"` // of the first run
}

// verdict is the error of a model whose opening failed in an orderly way.
// Unless that was for lack of memory or time, opening it here is harmless, and
// gives the error in its full form.
func (t *trial) verdict(r report) error {
	switch {
	case r.Memory:
		return t.greedy()
	case r.Slow:
		return errors.New(visible.Text(r.Fault[:min(len(r.Fault), longestFault)])) // a sentence of the opening's own
	}
	t.excuse()
	return nil
}

// obituary is the error of a model that the child died of.
func (t *trial) obituary() error {
	t.Close()
	state := t.child.state()
	if confine.Starved(state, t.child.log.String(), t.limits.Memory) {
		return t.greedy()
	}
	return t.refused(fmt.Sprintf("is not opened: it made the library that runs models crash (%v)", state),
		"The file is damaged or made to do harm. Export the model again, or ask whoever made it.")
}

func (t *trial) greedy() error {
	return t.refused(fmt.Sprintf("is not opened: for a single picture it needs more than %d MB of memory", t.limits.Memory>>20),
		fmt.Sprintf("Choose a smaller model or a smaller size of pictures, or allow more megabytes with the environment variable %s.", Variable))
}

// slow is the error of a model that did not come to a stage in time.
func (t *trial) slow(wanted stage, within time.Duration) error {
	if wanted == opened {
		return t.refused(fmt.Sprintf("is not opened: the library that runs models is not ready with it within %v", within),
			"It is built in a way that takes for ever: export it again, or choose another model.")
	}
	return t.refused(fmt.Sprintf("is not opened: it gives no answer for one picture within %v", within),
		"It may loop for ever: choose another model.")
}

// longestFault bounds what is repeated of a child's words, in bytes.
const longestFault = 1000

// refused is an error in a sentence, with what to do.
func (t *trial) refused(fault, remedy string) error {
	return &onnx.FileError{Path: t.name, Fault: fault, Remedy: remedy}
}
