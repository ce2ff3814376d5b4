package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/npy"
	"picasso/backend/picture"
	"picasso/backend/preprocess"
	"picasso/backend/regular"
	"picasso/ui/cli/named"
	"picasso/ui/cli/volumes"
)

// texts is a flag that may be given several times.
type texts []string

func (t *texts) String() string     { return strings.Join(*t, " ") }
func (t *texts) Set(s string) error { *t = append(*t, s); return nil }

// words is a flag with words and commas between them, which may be given several
// times. A word counts once.
type words []string

func (w *words) String() string { return strings.Join(*w, ",") }
func (w *words) Set(s string) error {
	for _, word := range strings.Split(s, ",") {
		if word = strings.TrimSpace(word); word != "" && !slices.Contains(*w, word) {
			*w = append(*w, word)
		}
	}
	return nil
}

// flags makes the flag set of a command. It prints nothing by itself.
func flags(name string) *flag.FlagSet {
	fs := flag.NewFlagSet("picasso "+name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	return fs
}

// parse reads the flags and turns every mistake into a usage error; --help
// lists the flags on standard output. Words that are no flags go to rest, or
// are refused where rest is nil; flags may follow them, but not behind "--".
func parse(env Env, fs *flag.FlagSet, args []string, rest *texts) error {
	if env.describe != nil {
		env.describe(fs)
		return flag.ErrHelp
	}
	for {
		err := fs.Parse(args)
		if errors.Is(err, flag.ErrHelp) {
			describeFlags(env.Stdout, fs)
			return err
		}
		if err != nil {
			return wrong("%w; see `%s --help`", err, fs.Name())
		}
		read := len(args) - fs.NArg()
		switch {
		case fs.NArg() == 0:
			return nil
		case rest == nil:
			return wrong("%q is not a flag of `%s`; see `%s --help`", fs.Arg(0), fs.Name(), fs.Name())
		case read > 0 && args[read-1] == "--":
			*rest = append(*rest, fs.Args()...)
			return nil
		}
		*rest = append(*rest, fs.Arg(0))
		args = fs.Args()[1:]
	}
}

func describeFlags(w io.Writer, fs *flag.FlagSet) {
	fmt.Fprintf(w, "%s\n", fs.Name())
	fs.VisitAll(func(f *flag.Flag) {
		value, usage := flag.UnquoteUsage(f)
		fmt.Fprintf(w, "  --%s %s\n      %s", f.Name, value, usage)
		if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "0" {
			fmt.Fprintf(w, " (default %s)", f.DefValue)
		}
		fmt.Fprintln(w)
	})
}

// modelFlags are what every command that opens a model shares.
type modelFlags struct {
	path, provider, library string
	options                 backend.ModelOptions
	flags                   metadata.Choices // said by flags of their own, which go before --model-set
	set, inputs, references texts
	runtime                 infer.Runtime // once opened
	volumes                 bool          // the command knows models of volumes
	block                   volumes.Part
}

func (m *modelFlags) declare(fs *flag.FlagSet) { m.declareNaming(fs, "labels") }

// declareNaming is declare with another flag for the names of the classes.
func (m *modelFlags) declareNaming(fs *flag.FlagSet, names string) {
	fs.StringVar(&m.path, "model", "", "the ONNX `file`, or a folder, whose newest .onnx file is used")
	fs.StringVar(&m.options.Sidecar, "config", "", "use this sidecar `file` instead of the one beside the model")
	m.declareUse(fs, names)
}

// declareUse adds the flags that hold for any model, names being the one for those of
// its classes.
func (m *modelFlags) declareUse(fs *flag.FlagSet, names string) {
	fs.StringVar(&m.provider, "provider", "auto", "what runs the model: auto, cpu, cuda, directml, coreml or webgpu")
	fs.StringVar(&m.flags.LabelFile, names, "", "read class names from this `file`")
	fs.StringVar(&m.flags.Input, "input-name", "", "the input that takes the picture, if the model has several")
	fs.StringVar(&m.flags.Output, "output-name", "", "the output to explain, if the model has several")
	fs.Var(&m.set, "model-set", "a sidecar setting as `key=value` that overrides the file, such as preprocess.preset=keras-tf, box=3 or region=mask; may be repeated")
	fs.Var(&m.inputs, "input", "the constant for another input as `name=value`: a number, a list like [1,2], or the path of an .npy array or a picture, which is prepared like --image; may be repeated")
	fs.Var(&m.references, "reference", "for a model whose output is an embedding: the `path` of a reference picture or .npy array; the similarity to it is explained; may be repeated")
	fs.Func("size", "the `size` WxH of the model's input, or WxHxD for volumes, if the model does not fix it", m.setSize)
	fs.IntVar(&m.options.Threads, "threads", 0, "threads per operator; 0 lets ONNX Runtime decide")
	declareLibrary(fs, &m.library)
}

func declareLibrary(fs *flag.FlagSet, library *string) {
	fs.StringVar(library, "onnxruntime", "", "the ONNX Runtime library, or its folder (also PICASSO_ONNXRUNTIME)")
}

// setSize reads WxH or WxHxD.
func (m *modelFlags) setSize(text string) error {
	var sides []int
	for _, part := range strings.Split(strings.ToLower(text), "x") {
		n, err := strconv.Atoi(part)
		if err != nil || n < 1 {
			sides = nil
			break
		}
		sides = append(sides, n)
	}
	switch len(sides) {
	case 3:
		m.flags.Depth = sides[2]
	case 2:
	default:
		return errors.New("give WIDTHxHEIGHT in pixels, for example 320x240, or WIDTHxHEIGHTxDEPTH for volumes")
	}
	m.flags.Size = [2]int{sides[1], sides[0]}
	return nil
}

// sizeOf takes over the size of the first array among the images, for a model
// that leaves it open, unless the user gave one.
func (m *modelFlags) sizeOf(items []named.Item) {
	i := slices.IndexFunc(items, func(it named.Item) bool { return it.Open == nil })
	if i < 0 || m.flags.Size[1] > 0 {
		return
	}
	f, _, err := regular.Open(items[i].Array, regular.Unbounded)
	if err != nil {
		return // said when the image's turn comes
	}
	defer f.Close()
	if shape, err := npy.Shape(f); err == nil {
		m.flags.Depth, m.flags.Size[0], m.flags.Size[1] = preprocess.ArraySize(shape)
	}
}

// check finds what is wrong with the flags before anything is opened.
func (m *modelFlags) check() error {
	if m.path == "" {
		return wrong("--model is missing: give the ONNX file")
	}
	m.options.Provider = infer.ProviderName(m.provider)
	switch m.options.Provider {
	case infer.Auto, infer.CPU, infer.CUDA, infer.DirectML, infer.CoreML, infer.WebGPU:
		return nil
	}
	return wrong("--provider %q is unknown; choose auto, cpu, cuda, directml, coreml or webgpu", m.provider)
}

// choices turns what the flags say about the model into values.
func (m *modelFlags) choices() (metadata.Choices, error) {
	c, err := metadata.ParseChoices(m.set)
	if err != nil {
		return c, err
	}
	said := m.flags
	if said.Inputs, err = metadata.ParseConstants(m.inputs, "."); err != nil {
		return c, err
	}
	said.References = slices.Clone(m.references)
	files := []*string{}
	if said.LabelFile != "" {
		files = append(files, &said.LabelFile)
	}
	for i := range said.References {
		files = append(files, &said.References[i])
	}
	for _, name := range files { // they start from here, not from the model
		if *name, err = filepath.Abs(*name); err != nil {
			return c, err
		}
	}
	return c.Merge(said), nil
}

// open loads the runtime and the model; its warnings go to standard error.
func (m *modelFlags) open(ctx context.Context, env Env) (*backend.Model, time.Duration, error) {
	start := time.Now()
	path, err := backend.NewestModel(m.path)
	if err != nil {
		return nil, 0, unusable(err)
	}
	if m.options.Choices, err = m.choices(); err != nil {
		return nil, 0, unusable(err)
	}
	m.runtime = env.Runtime(m.library, path)
	m.options.Tuning = env.Tuning
	model, err := backend.OpenModel(ctx, m.runtime, path, m.options)
	if err != nil {
		return nil, 0, unusable(advised(err))
	}
	if model.Depth() > 0 && !m.volumes {
		model.Close()
		return nil, 0, unusable(fmt.Errorf("%s takes volumes; picasso inspect, predict, explain, layers, sanity, cover and compare know them, this command knows pictures only", filepath.Base(picture.Said(path))))
	}
	if err := m.block.Apply(model); err != nil {
		model.Close()
		return nil, 0, misused(err)
	}
	for _, w := range model.Warnings {
		note(env.Stderr, w.Text)
	}
	for _, d := range model.Doubts {
		fmt.Fprintln(env.Stderr, "picasso: in doubt:", line(asked(d)))
	}
	return model, time.Since(start), nil
}

// asked is a doubt with the flags that settle it.
func asked(d metadata.Doubt) string {
	ways := make([]string, len(d.Readings))
	for i, r := range d.Readings {
		ways[i] = fmt.Sprintf("%s (%s)", r.Title, settling(r))
	}
	if len(ways) == 0 {
		return d.Text
	}
	return d.Text + " Say which it is: " + strings.Join(ways, "; ") + "."
}

// settling are the flags that choose a reading.
func settling(r metadata.Reading) string {
	var flags []string
	for _, pair := range r.Choices.Settings() {
		if strings.ContainsAny(pair, " \"'$&;|<>*?()") {
			pair = "'" + strings.ReplaceAll(pair, "'", `'\''`) + "'"
		}
		flags = append(flags, "--model-set "+pair)
	}
	return strings.Join(flags, " ")
}
