package quarantine

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"picasso/backend"
	"picasso/backend/confine"
	"picasso/backend/infer"
)

// Command is the hidden subcommand with which the program starts itself to try
// a model; main calls [Serve] for it.
const Command = "model-trial"

// Serve is the process in which one model is tried: args are what stands behind
// [Command], load loads the library at a path, "" for the usual places, and
// tells where it was found. It returns the exit code.
func Serve(args []string, in io.Reader, out, log io.Writer, load func(library string) (o infer.Opener, found string, err error)) int {
	if err := serve(args, in, out, load); err != nil {
		fmt.Fprintln(log, err)
		return 1
	}
	return 0
}

func serve(args []string, in io.Reader, out io.Writer, load func(string) (infer.Opener, string, error)) error {
	if len(args) != 1 {
		return errors.New("this command is used by the program itself")
	}
	asked := make(chan question, 1)
	go listen(in, asked)
	// Before the walls stand: a library is code.
	opener, library, err := load(args[0])
	if err != nil {
		return err
	}
	// What can be done before the model is known.
	offerYourself()
	q, some := now(asked)
	if w, ok := opener.(warmer); ok && !some {
		w.Warm()
	}
	if err := confine.ShutOut(confine.ReadFiles); err != nil {
		return err
	}
	said := json.NewEncoder(out)
	if err := said.Encode(report{Stage: ready, Library: library}); err != nil {
		return err
	}
	if !some {
		q = <-asked
	}
	if q.err != nil {
		return fmt.Errorf("model trial: %w", q.err)
	}
	limits := q.Limits
	go confine.Watch(limits.Memory)
	if err := confine.Bound(confine.ReadFiles, confine.Limits{Memory: limits.Memory, CPU: limits.cpu()}); err != nil {
		return err
	}
	w := &witness{Opener: opener, out: said}
	return w.try(q.request)
}

// warmer is what an opener may be, too: Warm makes its next session, the first of
// the process, as fast as later ones.
type warmer interface{ Warm() }

// question is what was asked, or why nothing was.
type question struct {
	request
	err error
}

// listen reads one request, and from then on waits for the program that asked to end.
func listen(in io.Reader, asked chan<- question) {
	var q question
	tethered := bufio.NewReader(confine.Tether(in))
	line, err := tethered.ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &q.request)
	}
	q.err = err
	asked <- q
	_, _ = tethered.ReadByte() // ends with the program that asked
}

// now is the question, if it is there already.
func now(asked <-chan question) (q question, some bool) {
	select {
	case q = <-asked:
		return q, true
	default:
		return q, false
	}
}

// offerYourself makes the system end this process first where memory runs out.
func offerYourself() {
	// Other systems have no such file, and need none.
	_ = os.WriteFile("/proc/self/oom_score_adj", []byte("1000"), 0)
}

// witness tells how far the opening of a model came.
type witness struct {
	infer.Opener
	out  *json.Encoder
	said map[stage]bool
	slow bool
}

// try opens the model as the program does, up to its first answer.
func (w *witness) try(r request) error {
	w.said = map[stage]bool{}
	o := r.Options
	m, err := backend.OpenModel(context.Background(), w, r.Path, backend.ModelOptions{
		Provider: infer.CPU, Mapped: true, Threads: o.Threads,
		Sidecar: o.Sidecar, Choices: o.Choices, PictureMemory: o.PictureMemory,
	})
	if err != nil && !w.said[ran] {
		return w.say(report{Stage: failed, Memory: errors.Is(err, infer.ErrOutOfMemory), Slow: w.slow, Fault: err.Error()})
	}
	if err != nil {
		return nil // later than what is tried here
	}
	return errors.Join(w.say(report{Stage: ran}), m.Close())
}

func (w *witness) say(r report) error {
	if w.said[r.Stage] {
		return nil
	}
	w.said[r.Stage] = true
	return w.out.Encode(r)
}

// Open implements [infer.Opener].
func (w *witness) Open(ctx context.Context, src infer.Source, opt infer.SessionOptions) (infer.Session, error) {
	s, err := w.Opener.Open(ctx, src, opt)
	if err != nil {
		return nil, err
	}
	return &watched{Session: s, by: w}, w.say(report{Stage: opened})
}

// watched is a session whose first answer is told.
type watched struct {
	infer.Session
	by *witness
}

// Run implements [infer.Session].
func (s *watched) Run(ctx context.Context, inputs []infer.Tensor) ([]infer.Tensor, error) {
	out, err := s.Session.Run(ctx, inputs)
	if err != nil {
		s.by.slow = errors.Is(ctx.Err(), context.DeadlineExceeded)
		return nil, err
	}
	return out, s.by.say(report{Stage: ran, Answer: newAnswer(inputs, s.Outputs(), out)})
}
