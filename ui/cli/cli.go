// Package cli is the program without a window: the same work, for scripts,
// servers and batch systems.
//
// Exit codes are part of the interface: [Done], [SomeFailed], [Usage], [Unusable]
// and [Interrupted]. Results go to files or standard output, messages to standard
// error, one line each: what happened, to which file, what to do.
package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"picasso/backend/infer"
	"strings"

	"picasso/backend"
	"picasso/backend/heap"
	"picasso/backend/visible"
	"picasso/ui/cli/discreet"
	"picasso/visualizers"
	"picasso/visualizers/script"
	"picasso/visualizers/spelling"
)

// Exit codes.
const (
	Done       = 0 // everything asked for was done
	SomeFailed = 1 // some images failed or were not reached, the others are done; or a result could not be written
	Usage      = 2 // the command line is wrong; nothing was done
	Unusable   = 3 // the model or ONNX Runtime could not be used
	// Interrupted is that of an audit that was told to stop: the same command goes on
	// from there (EX_TEMPFAIL of sysexits.h).
	Interrupted = 75
)

// Env is what the command line works with; nothing is taken from the process.
type Env struct {
	Stdout, Stderr io.Writer
	Progress       bool // standard error is a terminal: show progress there
	// Runtime loads ONNX Runtime from the given place, "" for the usual ones. model
	// is the file that is opened with it next, "" for none.
	Runtime     func(library, model string) infer.Runtime
	Visualizers []visualizers.Visualizer
	// Scripts opens the user's own visualizers; nil where there are none.
	Scripts func() (*script.Library, error)
	// Environment gives a variable by which a batch system tells a process which part
	// of the work is its; nil where there is none.
	Environment func(name string) string
	// Asked gets a value when somebody wants to know how far a long command is; nil
	// where nobody can ask.
	Asked   <-chan os.Signal
	Version string
	Tuning  *backend.Tuning // remembers how models run fastest; nil measures again

	// describe receives a command's flags in place of reading and running it.
	describe func(*flag.FlagSet)
}

// command is one subcommand: its flags are declared and parsed in run.
type command struct {
	name, args, about string
	run               func(ctx context.Context, env Env, args []string) error
}

func commands() []command {
	return []command{
		{"explain", "--model M.onnx --image I… --visualizer ID --out DIR", "write maps, overlays and result.json for each picture", explain},
		{"sanity", "--model M.onnx --image I… --visualizer ID --out DIR", "check whether a map depends on what the model has learned, by shuffling its weights", sanityCheck},
		{"compare", "--model A.onnx --model B.onnx --image I… --visualizer ID --out DIR", "compare two models by their answers and maps, what they disagree about most first", compareModels},
		{"predict", "--model M.onnx --image I…", "print the classes of each picture, best first", predict},
		{"audit", "--model M.onnx --image DIR --out OUT | merge OUT | report OUT", "tell what a model relies on in a whole folder of pictures; may be split among machines", auditFolder},
		{"view", "--image I [--frame N] [--window W,L] --out X.png|X.npy", "write a picture as it is shown, or its values; also DICOM and NIfTI", view},
		{"cover", "--model M.onnx --image I… (--box y0,x0,y1,x1 | --mask FILE)", "cover parts of pictures and print the answers before and after", coverPictures},
		{"report", "RESULTS… --out R.html|R.pdf", "make pages for people, one for each picture, from what explain wrote", printReport},
		{"layers", "--model M.onnx [--image P] [--layer NAME]", "list the layers: operators, sizes, weights, work, and what a cell sees of the picture; or the channels of one", layers},
		{"inspect", "--model M.onnx", "show inputs, outputs, operators, and preprocessing with its sources", inspect},
		{"visualizers", "", "list all visualizers with their settings", list},
		{"script", "new|examples|check|trust|revoke …", "manage your own visualizers, one file each", scripts},
		{"doctor", "", "show what can run models here, and why the rest cannot", doctor},
		{"version", "", "print the versions of the program and its parts", version},
		{"completion", "bash|zsh|fish", "print a script that makes the shell complete commands, flags and methods", completion},
		{"manual", "", "print the manual page", manual},
	}
}

// Knows reports whether args start with a subcommand (or ask for help), rather
// than naming files for the window.
func Knows(args []string) bool {
	if len(args) == 0 {
		return false
	}
	switch args[0] {
	case "help", "-h", "-help", "--help", "--version":
		return true
	}
	_, ok := find(args[0])
	return ok
}

func find(name string) (command, bool) {
	for _, c := range commands() {
		if c.name == name {
			return c, true
		}
	}
	return command{}, false
}

// Mistyped is what to say of a command line whose first word was probably meant
// as a subcommand and is none: it looks like no path and nothing of that name
// is there. It is nil for all others.
func Mistyped(args []string) error {
	if len(args) == 0 || Knows(args) || strings.ContainsAny(args[0], `./\:`) {
		return nil
	}
	if _, err := os.Stat(args[0]); !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return unknownCommand(args[0])
}

// unknownCommand says that a first word means nothing here.
func unknownCommand(word string) error {
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
	}
	return fmt.Errorf("%q is neither a file nor a subcommand%s`picasso help` lists them", word, meant(word, names))
}

// meant goes on from what is wrong with a word: it asks whether the nearest
// option was meant, if one is near.
func meant(word string, options []string) string {
	if nearest := spelling.Nearest(word, options); nearest != "" {
		return fmt.Sprintf("; did you mean %q? ", nearest)
	}
	return "; "
}

// StoppedCode is the exit code of a command line that is ended by a signal.
func StoppedCode(args []string) int {
	if len(args) > 0 && args[0] == "audit" {
		return Interrupted
	}
	return SomeFailed
}

// Run executes one command line and returns the exit code. Control characters
// in whatever is printed are shown as escapes; a line of progress begins with a
// carriage return. Standard output is closed in the end, where it can be.
func Run(ctx context.Context, args []string, env Env) int {
	out := &checked{to: env.Stdout}
	env.Stdout = &visible.Writer{To: out, Keep: "\n\t"}
	env.Stderr = &visible.Writer{To: env.Stderr, Keep: "\n\t\r"}
	code := dispatch(ctx, args, env)
	if err := out.close(); err != nil && code == Done {
		return exitCode(env, &failure{SomeFailed, err})
	}
	return code
}

// RunAlone is [Run] in a process that ends with it.
func RunAlone(ctx context.Context, args []string, env Env) int {
	defer heap.ForCommand()()
	return Run(ctx, args, env)
}

func dispatch(ctx context.Context, args []string, env Env) int {
	if len(args) == 0 {
		help(env.Stderr)
		return Usage
	}
	switch args[0] {
	case "help", "-h", "-help", "--help":
		help(env.Stdout)
		return Done
	case "--version":
		args = []string{"version"}
	}
	c, ok := find(args[0])
	if !ok {
		return exitCode(env, wrong("%w", unknownCommand(args[0])))
	}
	return exitCode(env, c.run(ctx, env, args[1:]), args[1:]...)
}

// failure is an error that carries its exit code. It has no text where
// everything was said already.
type failure struct {
	code int
	err  error
}

func (f *failure) Error() string {
	if f.err == nil {
		return ""
	}
	return f.err.Error()
}
func (f *failure) Unwrap() error { return f.err }

func wrong(format string, a ...any) error { return &failure{Usage, fmt.Errorf(format, a...)} }

// misused is a fault of the command line, nil where there is none.
func misused(err error) error {
	if err == nil {
		return nil
	}
	return wrong("%w", err)
}

func unusable(err error) error { return &failure{Unusable, err} }

// someFailed counts the images that failed, each of which was named; where
// there was but one, its own line says all.
func someFailed(failed, total int) error {
	if total == 1 {
		return &failure{code: SomeFailed}
	}
	return &failure{SomeFailed, fmt.Errorf("%d of %d pictures failed", failed, total)}
}

// stopped is what became of an image that was not reached.
const stopped = "stopped before it was finished"

// ended is someFailed, unless the user stopped the command: then one line tells
// of all images that were not reached.
func ended(ctx context.Context, failed, total int) error {
	if ctx.Err() == nil {
		return someFailed(failed, total)
	}
	return &failure{SomeFailed, fmt.Errorf("stopped; %d of %d pictures are done", total-failed, total)}
}

// exitCode says an error, with paths among the arguments called by what may be
// said of them, and gives its code.
func exitCode(env Env, err error, args ...string) int {
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return Done
	}
	if errors.Is(err, context.Canceled) {
		fmt.Fprintln(env.Stderr, "picasso:", stopped)
		return SomeFailed
	}
	if text := discreet.Text(oneLine(err), args); text != "" {
		fmt.Fprintln(env.Stderr, "picasso:", text)
	}
	var f *failure
	if errors.As(err, &f) {
		return f.code
	}
	return SomeFailed
}

func oneLine(err error) string { return line(err.Error()) }

func help(w io.Writer) {
	fmt.Fprint(w, "picasso shows why an image classifier decides as it does.\n\n")
	fmt.Fprint(w, "  picasso [files…]   open the window with models, pictures and labels\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  picasso %s\n      %s\n", strings.TrimSpace(c.name+" "+c.args), c.about)
	}
	fmt.Fprint(w, "\n`picasso COMMAND --help` lists the flags of a command.\n")
}
