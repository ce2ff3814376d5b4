package star

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"go.starlark.net/lib/math"
	"go.starlark.net/starlark"
	"go.starlark.net/starlarkstruct"
	"go.starlark.net/syntax"

	"picasso/visualizers/script/wire"
)

// Serve is the sandboxed process: it reads one script from in, says what it
// declares, and runs it as often as it is asked, until in ends. confine is
// called with the limits before the script is read.
func Serve(in io.Reader, out io.Writer, confine func(wire.Limits) error) error {
	s := &session{out: out, in: make(chan *wire.Message)}
	over := make(chan struct{})
	defer close(over)
	s.thread = &starlark.Thread{Name: "script", Print: s.print}
	go s.receive(in, over)
	first, ok := <-s.in
	if !ok || first.Kind != wire.Declare || first.Source == nil || first.Limits == nil {
		return errors.New("script host: there is nothing to interpret; only the program itself uses this command")
	}
	if err := confine(*first.Limits); err != nil {
		return s.fail(err)
	}
	s.source, s.limits = *first.Source, *first.Limits
	if err := s.declare(); err != nil {
		return s.fail(err)
	}
	if err := s.send(&wire.Message{Kind: wire.Declared, Declaration: s.declaration}); err != nil {
		return err
	}
	for m := range s.in {
		if m.Kind != wire.Run || m.Job == nil || len(m.Tensors) != 3 {
			return fmt.Errorf("script host: unexpected message %q", m.Kind)
		}
		if err := s.explain(m); err != nil {
			return s.fail(err)
		}
	}
	return nil
}

// session is one script in its process.
type session struct {
	in          chan *wire.Message
	out         io.Writer
	thread      *starlark.Thread
	source      wire.Source
	limits      wire.Limits
	declaration *wire.Declaration
	run         starlark.Callable
	printed     int
	gone        error // why nothing can be sent any more
}

// receive reads messages until the other end closes; then whatever still
// computes is stopped.
func (s *session) receive(in io.Reader, over <-chan struct{}) {
	defer close(s.in)
	r := bufio.NewReaderSize(in, 1<<16)
	for {
		m, err := wire.Read(r)
		if err != nil {
			s.thread.Cancel("the program that started this one has ended")
			return
		}
		select {
		case s.in <- m:
		case <-over:
			return
		}
	}
}

func (s *session) send(m *wire.Message) error {
	if s.gone == nil {
		s.gone = wire.Write(s.out, m)
	}
	return s.gone
}

// fail reports an error of the script; the process ends after it.
func (s *session) fail(err error) error {
	names := append(s.predeclared().Keys(), starlark.Universe.Keys()...)
	return s.send(&wire.Message{Kind: wire.Failed, Fault: fault(err, s.source, names)})
}

// print sends what the script prints, up to a limit.
func (s *session) print(_ *starlark.Thread, text string) {
	if s.printed > s.limits.Print {
		return
	}
	if s.printed += len(text) + 1; s.printed > s.limits.Print {
		text = "… further output was dropped"
	}
	// A host that has gone ends the run by itself.
	_ = s.send(&wire.Message{Kind: wire.Print, Text: text})
}

// budget starts a new count of steps and of printed text.
func (s *session) budget() {
	s.printed = 0
	s.thread.SetMaxExecutionSteps(s.thread.ExecutionSteps() + s.limits.Steps)
	s.thread.OnMaxSteps = func(t *starlark.Thread) {
		t.Cancel(fmt.Sprintf("stopped after %d steps; is there an endless loop? Work with whole tensors instead of single values", s.limits.Steps))
	}
}

// declare runs the script's top level, which must declare a visualization and
// define run.
func (s *session) declare() (err error) {
	defer recovered(&err)
	s.budget()
	options := &syntax.FileOptions{Set: true, While: true, TopLevelControl: true, GlobalReassign: true}
	globals, err := starlark.ExecFileOptions(options, s.thread, s.source.Name, s.source.Text, s.predeclared())
	if err != nil {
		return err
	}
	if s.declaration == nil {
		return errors.New("the script does not call visualizer(…), which says what it is")
	}
	run, ok := globals["run"].(*starlark.Function)
	if !ok {
		return errors.New("the script does not define run(ctx, x, settings)")
	}
	if run.NumParams() != 3 || run.HasVarargs() || run.HasKwargs() {
		return fmt.Errorf("run must have three parameters, as in run(ctx, x, settings); it has %d", run.NumParams())
	}
	// No state may pass from one run to the next.
	globals.Freeze()
	s.run = run
	return nil
}

// predeclared is everything a script can name.
func (s *session) predeclared() starlark.StringDict {
	names := starlark.StringDict{
		"math":   math.Module,
		"struct": starlark.NewBuiltin("struct", starlarkstruct.Make),
		"nan":    number(nan),
	}
	for _, group := range [][]Entry{declarers, makers, outcomes} {
		for _, e := range group {
			if e.call != nil {
				names[e.Name] = starlark.NewBuiltin(e.Name, e.call)
			}
		}
	}
	names["visualizer"] = starlark.NewBuiltin("visualizer", declaring(&s.declaration))
	return names
}

// explain runs the script on one target and sends what it found.
func (s *session) explain(m *wire.Message) (err error) {
	defer recovered(&err)
	s.budget()
	c, err := newContext(s, m)
	if err != nil {
		return err
	}
	v, err := starlark.Call(s.thread, s.run, starlark.Tuple{c, c.x, c.settings()}, nil)
	if err != nil {
		return err
	}
	output, tensors, err := items(v, s.declaration, m.Job.Target.Symbol)
	if err != nil {
		return fmt.Errorf("result of run: %w", err)
	}
	return s.send(&wire.Message{Kind: wire.Finished, Output: output, Tensors: tensors})
}

// recovered makes an error of a fault in our own functions, so that the user
// learns which script met it.
func recovered(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("the interpreter failed: %v", r)
	}
}
