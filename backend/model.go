package backend

import (
	"context"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"picasso/backend/gradients"
	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/onnx"
	"picasso/backend/perturb"
	"picasso/backend/picture"
	"picasso/backend/preprocess"
	"picasso/backend/score"
)

// Model is an opened classifier with everything needed to ask it about
// pictures: the file's graph, the session that runs it, and what was found out
// about its input, output, labels and preprocessing.
//
// The exported fields are set by [OpenModel] and changed only by the Set
// methods. Methods may be called from several goroutines; the fields may be
// read by whoever calls the Set methods.
type Model struct {
	Path   string
	Name   string // base name of the file
	SHA256 string // of the file's bytes, hexadecimal
	File   *onnx.Model
	metadata.Card

	opener   infer.Opener
	provider infer.ProviderName
	threads  int
	mapped   bool
	pictures picture.Options // how those are opened that belong to the model
	notice   func(text string)
	tuning   *Tuning
	edited   bool           // File differs from the file on disk
	tried    []infer.Tensor // what the first run gave, while the model is opened
	trying   Trial          // while the model is being opened

	references *references   // what embeddings are compared with, or nil
	slots      pictureInputs // other inputs that get pictures
	whole      whole

	renewed atomic.Pointer[renewal] // nil while the constants are those of File

	mu     sync.RWMutex
	main   *infer.Forward
	timing time.Duration
	single bool // pictures cannot be run together, against what the file says
	closed bool

	jobs  infer.Jobs
	parts *infer.Pool
	rates perturb.Rates

	gradients *gradients.Differentiator // nil until the first use
	copies    *perturb.Scorer           // nil until the first use
	lanes     *lanes                    // nil until the first use
	beside    int                       // pictures that run beside each other, each on one thread; 0: each on all of them
}

// ModelOptions are the user's wishes for [OpenModel]. The zero value leaves
// everything to be found.
type ModelOptions struct {
	Provider infer.ProviderName // "" is auto
	Sidecar  string             // path of the sidecar, "" for MODEL.picasso.json where it exists
	Choices  metadata.Choices   // what the user says, ahead of what is found
	Threads  int                // inside one operator; 0 leaves it to the runtime
	Tuning   *Tuning            // remembers how the model runs fastest; nil measures again
	// Many says that many pictures will be asked about, each by itself: see [Model.Beside].
	Many bool
	// Mapped reads weights from the file as they are needed, for a model that is
	// open for a moment only.
	Mapped bool
	// PictureMemory is how many bytes opening a picture or array may take that is an input
	// or a reference of the model; 0 is [picture.DefaultMemory].
	PictureMemory int64
	// Notice receives sentences for the user while the model runs, such as that
	// the device ran out of memory; from any goroutine. Nil drops them.
	Notice func(text string)
}

func (o ModelOptions) wishes() metadata.Wishes {
	return metadata.Wishes{Sidecar: o.Sidecar, Choices: o.Choices}
}

// OpenModel opens the ONNX file at path and finds out how to use it: which
// input takes the picture and in which layout, which output holds the classes,
// where the logits are, and how a picture must be prepared. What could not be
// found is guessed and said so in Warnings. ctx ends the opening.
func OpenModel(ctx context.Context, o infer.Opener, path string, opt ModelOptions) (*Model, error) {
	return openModel(ctx, o, path, opt)
}

// Shape is the model's input as C×H×W, whatever the file's layout; that of a volume
// as C×(D·H)×W.
func (m *Model) Shape() (channels, height, width int) {
	_, in := m.preparation()
	return in.Channels, in.Rows(), in.Width
}

// Depth is the number of slices of the volumes that the model takes, 0 where it
// takes pictures.
func (m *Model) Depth() int {
	_, in := m.preparation()
	return in.Depth
}

// output is the output as it is read now. What runs in the background uses it,
// for the user may change the reading meanwhile.
func (m *Model) output() score.Output {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.Output
}

// Classes is the number of classes.
func (m *Model) Classes() int {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.Output.Classes
}

// ClassName is the label of a class, or "class 7" where there are no labels.
func (m *Model) ClassName(class int) string {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.Card.ClassName(class)
}

// OutputKind is what the entries of the output are.
func (m *Model) OutputKind() score.OutputKind {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.Output.Kind
}

// Percent tells whether scores may be shown as percentages.
func (m *Model) Percent() bool {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.Card.Percent()
}

// Measure implements [Measuring]: "P(tank)", "logit(tank)", and others:
// see [metadata.Card.Measure].
func (m *Model) Measure(class int, s score.Score) string {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.Card.Measure(class, s)
}

// HasLogits reports whether Predict fills Scores.Logits.
func (m *Model) HasLogits() bool { return m.scoring().Logits() }

// Batch is a batch size that suits the model and the machine: 1 where the file
// fixes it, few pictures on the CPU, more on a graphics card and for small
// pictures.
func (m *Model) Batch() int {
	m.mu.RLock()
	single := m.Input.FixedBatch || m.single || m.Output.Whole
	m.mu.RUnlock()
	if single {
		return max(m.Input.Pictures, 1)
	}
	usual := cpuBatch
	if m.Provider() != "CPU" {
		usual = deviceBatch
	}
	c, h, w := m.Shape()
	return min(max(usual*usualPicture/(c*h*w), usual/4), maxBatch)
}

// Batch sizes for pictures of 3×224×224: on a CPU batching brings little and
// only saves overhead, a graphics card needs many to be busy.
const (
	cpuBatch     = 8
	deviceBatch  = 64
	maxBatch     = 256
	usualPicture = 3 * 224 * 224
)

// Provider names what runs the model: "CPU", "CUDA", …
func (m *Model) Provider() string { return m.forward().Session.Provider() }

// Timing is the time of one forward pass of one picture, measured on the
// first [Model.Predict]; 0 before that.
func (m *Model) Timing() time.Duration {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.timing
}

// Prepare turns a picture into the model's input tensor, C×H×W in model units. For
// a model of volumes that is [Model.PrepareVolume].
func (m *Model) Prepare(img *picture.Image) (infer.Tensor, error) {
	p, size := m.preparation()
	if size.Depth > 0 && img != nil {
		b, err := m.PrepareVolume(context.Background(), img)
		return b.Tensor, err
	}
	return preprocess.Prepare(img, p, size)
}

// PrepareVolume turns the volume that a picture is a slice of into the input of a
// model of volumes: see [preprocess.PrepareVolume]. The volume prepared last is kept,
// so that its other slices cost little.
func (m *Model) PrepareVolume(ctx context.Context, img *picture.Image) (preprocess.Block, error) {
	return m.PrepareBlock(ctx, img, nil)
}

// PrepareBlock is [Model.PrepareVolume] for the block around a row and column of the
// picture, where the preparation leaves that open; nil is the middle.
func (m *Model) PrepareBlock(ctx context.Context, img *picture.Image, at []int) (preprocess.Block, error) {
	p, in := m.preparation()
	stack := img.Stack()
	m.whole.mu.Lock()
	defer m.whole.mu.Unlock()
	if k := &m.whole; stack == nil || k.stack != stack || k.in != in || !reflect.DeepEqual(k.how, p) {
		k.prepared, k.stack = nil, nil // is not held beside the next one
		w, err := preprocess.PrepareWhole(ctx, img, p, in, m.pictures)
		if err != nil {
			return preprocess.Block{}, err
		}
		k.prepared, k.stack, k.in, k.how = w, stack, in, p
	}
	before, _ := img.Span()
	b := m.whole.prepared.Block(before, at)
	if stack == nil {
		m.whole.prepared = nil
	}
	return b, nil
}

// whole is the volume that was prepared last, and how; see [Model.PrepareVolume].
type whole struct {
	mu       sync.Mutex
	prepared *preprocess.Prepared
	stack    any
	in       preprocess.Input
	how      preprocess.Preprocess
}

// Oriented is the picture as the model takes it; maps lie on it. See
// [preprocess.Preprocess.Oriented].
func (m *Model) Oriented(img *picture.Image) *picture.Image {
	p, in := m.preparation()
	if in.Depth > 0 { // volumes are turned in three dimensions
		return img
	}
	return p.Oriented(img)
}

// Place maps model pixels to pixels of [Model.Oriented] of img.
func (m *Model) Place(img *picture.Image) preprocess.Placement {
	p, size := m.preparation()
	if size.Depth > 0 { // see [Model.PrepareVolume]
		return preprocess.Placement{ScaleX: 1, ScaleY: 1}
	}
	img = p.Oriented(img)
	return p.Place(img.Width, img.Height, size.Width, size.Height)
}

// Encoder maps raw colours (red, green, blue or grey, in the picture's units)
// to the tensor's value per channel, as the pixels of img are mapped: its own
// values decide where preparation is by percentile or depth. A nil picture has
// none.
func (m *Model) Encoder(img *picture.Image) func(raw []float32) []float32 {
	p, in := m.preparation()
	return p.Encoder(img, in)
}

// Decoder is the way back from the tensor's values to the raw colours of img.
func (m *Model) Decoder(img *picture.Image) preprocess.Decoder {
	p, in := m.preparation()
	return p.Decoder(img, in)
}

// Missing says in words what a picture lacks of what the model is given, and
// where the two do not fit.
func (m *Model) Missing(img *picture.Image) []string {
	p, in := m.preparation()
	return p.Missing(img, in)
}

func (m *Model) preparation() (preprocess.Preprocess, preprocess.Input) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.Preprocess, m.Input
}
