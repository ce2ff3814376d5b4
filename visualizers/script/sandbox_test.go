package script_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"picasso/backend/picture"
	"picasso/backend/preprocess"
	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/script"
	"picasso/visualizers/script/wire"
	"picasso/visualizers/vistest"
)

// declaration is the top of a script whose body is under test.
const declaration = `visualizer(id = "t", title = "T", about = "A test.", link = "https://example.org", returns = ["map", "text", "table", "image"], signed = True, needs = [%s])
`

// body is a script that runs some lines.
func body(lines ...string) string {
	return fmt.Sprintf(declaration, "") + "def run(ctx, x, settings):\n    " + strings.Join(lines, "\n    ") + "\n"
}

// try loads and runs a script on a small net.
func try(t *testing.T, h *script.Host, text string) (visualizers.Result, error) {
	t.Helper()
	s, err := h.Load(t.Context(), "t.star", text)
	if err != nil {
		return visualizers.Result{}, err
	}
	return s.Explain(t.Context(), input(t, s, vistest.Random(3, 12, 12)), nil)
}

// small limits make bombs go off soon.
func small(t *testing.T) *script.Host {
	h := host(t)
	h.Limits.Memory = bombMemory << 20
	h.Limits.Steps = 50_000_000
	h.Limits.Time = 20 * time.Second
	return h
}

// Every attack costs one sentence, which says what happened.
func TestSandbox(t *testing.T) {
	attacks := []struct{ name, text, want string }{
		{"open", body("open('/etc/passwd')"), "undefined: open"},
		{"import", "import os\n" + body("return x[0]"), "got import"},
		{"load", "load('/etc/passwd', 'x')\n" + body("return x[0]"), "load not implemented"},
		{"network", body("urlopen('http://example.org')"), "undefined: urlopen"},
		{"environment", body("return text(getenv('HOME'))"), "undefined: getenv"},
		{"clock", body("time.now()"), "undefined: time"},
		{"endless loop", body("while True:", "    pass"), "stopped after 50000000 steps"},
		{"endless loop at the top", "a = 1\nwhile True:\n    a += 1\n", "stopped after 50000000 steps"},
		{"recursion", "def f(n):\n    return f(n + 1)\n" + body("return f(0)"), "called recursively"},
		{"recursion through a list", body("f = []", "f.append(lambda: f[0]())", "return f[0]()"), "called recursively"},
		{"nesting", "x = " + strings.Repeat("(", 120_000) + "\n", "t.star"},
		{"lists", body("a = []", "while True:", "    a += a + [1.5]"), fmt.Sprintf("more than %d MB of memory", bombMemory)},
		{"words", body("a = 'x'", "while True:", "    a += a"), fmt.Sprintf("more than %d MB of memory", bombMemory)},
		{"tensors", body("a = []", "while True:", "    a.append(ones(1000, 1000))"), "memory"},
		{"one tensor", body("return zeros(100000, 100000)"), "too large"},
		{"many results", body("return [heat(ones(12, 12) * i) for i in range(20000)]"), "broken message"},
		{"many texts", body("return [text('a')] * 1000"), "1000 results are too many"},
		{"no result", body("return None"), "a result is a tensor"},
		{"wrong kind", strings.Replace(body("return text('hello')"), `"text", `, "", 1), `of kind "text"`},
		{"wrong number of channels", body("return ones(2, 12, 12)"), "model's 3 channels"},
		{"wrong input", body("return ctx.run([ones(3, 5, 5)])"), "takes tensors of shape 3×12×12"},
		{"undeclared need", body("return ctx.gradient(x)"), "needs=[\"gradients\"]"},
		{"state", "seen = []\n" + body("seen.append(1)"), "frozen"},
		{"changing the input", body("x.add_rect(0, 0, 1, 1, 1)"), "changed"},
		{"no declaration", "def run(ctx, x, settings):\n    return x\n", "does not call visualizer"},
		{"no run", fmt.Sprintf(declaration, ""), "does not define run"},
		{"id with a path", strings.Replace(body("return x"), `"t"`, `"../../t"`, 1), "lower-case letters"},
		{"no text", "\xff\xfe", "UTF-8"},
		{"large file", "#" + strings.Repeat("x", 1<<20), "larger than 256 kB"},
	}
	h := small(t)
	for _, a := range attacks {
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			_, err := try(t, h, a.text)
			if underRace && err != nil && strings.Contains(err.Error(), "ended unexpectedly") {
				return
			}
			if err == nil || !strings.Contains(err.Error(), a.want) {
				t.Errorf("got %v, want it to say %q", err, a.want)
			}
			if err != nil && len(err.Error()) > 1000 {
				t.Errorf("the sentence has %d characters", len(err.Error()))
			}
		})
	}
}

func TestErrorsShowThePlace(t *testing.T) {
	_, err := try(t, host(t), body("base = ctx.base", "return base - ctx.tarrget"))
	var e *script.Error
	if !errors.As(err, &e) {
		t.Fatal(err)
	}
	if e.File != "t.star" || e.Line != 4 || e.Column != 22 || e.Text != "return base - ctx.tarrget" || !strings.Contains(e.Message, "did you mean .target?") {
		t.Errorf("%+v", e)
	}
}

func TestTimeIsLimited(t *testing.T) {
	h := host(t)
	h.Limits.Time = 200 * time.Millisecond
	for _, text := range []string{
		body("while True:", "    zeros(500, 500).blur(50)"),
		body("a = 3", "while True:", "    a *= a"),
	} {
		if _, err := try(t, h, text); err == nil || !strings.Contains(err.Error(), "stopped after 200ms") {
			t.Errorf("%v", err)
		}
	}
}

// The model's time is not the script's.
func TestTheModelMayTakeLonger(t *testing.T) {
	h := host(t)
	h.Limits.Time = 2 * time.Second
	s, err := h.Load(t.Context(), "t.star", body("return x * ctx.score(x + 1)"))
	if err != nil {
		t.Fatal(err)
	}
	n := vistest.Random(3, 12, 12)
	in := input(t, s, n)
	n.Before = func(ctx context.Context) error {
		timer := time.NewTimer(h.Limits.Time + 200*time.Millisecond)
		defer timer.Stop()
		select {
		case <-timer.C:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if _, err := s.Explain(t.Context(), in, nil); err != nil {
		t.Error(err)
	}
}

func TestStopIsImmediate(t *testing.T) {
	s, err := host(t).Load(t.Context(), "t.star", body("ctx.progress(1, 2)", "while True:", "    zeros(2000, 2000).blur(900)"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var stopped time.Time
	_, err = s.Explain(ctx, input(t, s, vistest.Random(3, 12, 12)), func(visualizers.Result) {
		stopped = time.Now()
		cancel()
	})
	if took := time.Since(stopped); !errors.Is(err, context.Canceled) || took > time.Second {
		t.Errorf("%v, %v after the stop", err, took)
	}
}

func TestOutputFlood(t *testing.T) {
	h := small(t)
	got := 0
	h.Log = func(_, text string) { got += len(text) }
	_, err := try(t, h, body("for i in range(200000):", "    print('x' * 100)", "return x[0]"))
	if err != nil {
		t.Fatal(err)
	}
	if got == 0 || got > h.Limits.Print+1000 {
		t.Errorf("%d bytes were printed, the limit is %d", got, h.Limits.Print)
	}
}

func TestPrintNamesTheScript(t *testing.T) {
	h := host(t)
	var lines []string
	h.Log = func(id, text string) { lines = append(lines, id+": "+text) }
	if _, err := try(t, h, "print('loaded')\n"+body("print('mean', x.mean() > 0)", "return x[0]")); err != nil {
		t.Fatal(err)
	}
	want := "t.star: loaded|t: loaded|t: mean True"
	if got := strings.Join(lines, "|"); got != want {
		t.Errorf("log %q, want %q", got, want)
	}
}

func TestTheEnvironmentIsEmpty(t *testing.T) {
	t.Setenv("PICASSO_SECRET", "42")
	h := host(t)
	h.Arguments = []string{showEnvironment}
	_, err := h.Load(t.Context(), "t.star", body("return x"))
	if err == nil || !strings.Contains(err.Error(), "environment: []") {
		t.Errorf("%v", err)
	}
}

// A process that speaks nonsense, or dies, is an error like any other.
func TestBrokenSandbox(t *testing.T) {
	for _, program := range []string{"true", "cat", "yes"} {
		path, err := lookPath(program)
		if err != nil {
			t.Skip("no " + program + " on this system")
		}
		h := host(t)
		h.Executable, h.Arguments = path, nil
		h.Limits.Time = 5 * time.Second
		_, err = h.Load(t.Context(), "t.star", body("return x"))
		var e *script.Error
		if !errors.As(err, &e) {
			t.Errorf("%s: %v", program, err)
		}
	}
}

// A process whose program has gone ends, whatever it computes: on every system,
// for its pipe has ended.
func TestAnOrphanEnds(t *testing.T) {
	for _, text := range []string{body("while True:", "    pass"), "a = 3\nwhile True:\n    a *= a\n", "a = zeros(3000, 3000).blur(1400)\n"} {
		cmd := exec.Command(os.Args[0], script.Command)
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		limits := &wire.Limits{Memory: 1 << 30, Steps: 1 << 40, CPU: time.Minute}
		if err := wire.Write(in, &wire.Message{Kind: wire.Declare, Source: &wire.Source{Name: "t.star", Text: text}, Limits: limits}); err != nil {
			t.Fatal(err)
		}
		closed := time.Now()
		in.Close()
		_ = cmd.Wait() // says how it ended
		if took := time.Since(closed); took > time.Second {
			t.Errorf("%v after its program had gone", took)
		}
	}
}

func lookPath(program string) (string, error) {
	for _, folder := range []string{"/bin", "/usr/bin"} {
		path := filepath.Join(folder, program)
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return "", os.ErrNotExist
}

func TestEverythingCtxOffers(t *testing.T) {
	n := vistest.Random(3, 12, 12)
	s, err := host(t).Load(t.Context(), "t.star", fmt.Sprintf(declaration, `"gradients", "layers", "logits", "picture"`)+`
def run(ctx, x, settings):
    p = ctx.picture()
    back = ctx.prepare(p) - x
    a, g = ctx.layer_gradient(ctx.last_layer, x)
    b = ctx.activations(ctx.layers[0].name, [x])[0]
    own = ctx.activations(ctx.layers[0].name)
    ctx.emit(text("so far"))
    return [image(own[0]), table(["what", "value"], [
        ["picture", str(p.shape)],
        ["prepared again", back.abs().max() < 0.01],
        ["encoded", ctx.encode(255).at(0)],
        ["activation", (a - b).abs().max()],
        ["gradient", ctx.gradient(x).shape == x.shape and g.shape == a.shape],
        ["logits", (ctx.run(x, logits = True) - ctx.logits).abs().max()],
        ["score", ctx.score(x) - ctx.base],
        ["target", ctx.target.symbol + " " + ctx.target.name + " " + ctx.target.against_name],
        ["batch", ctx.batch], ["seed", ctx.seed], ["labels", ",".join(ctx.labels)],
        ["layer", ctx.layers[0].axes + ctx.layers[0].form], ["own", (own - b).abs().max()], ["none", len(ctx.activations(ctx.layers[0].name, []))],
    ])]
`)
	if err != nil {
		t.Fatal(err)
	}
	r := explain(t, s, input(t, s, n, score.Target{Class: 0, Against: 2}))
	var got []string
	for _, row := range r.Parts[1].Table.Rows {
		got = append(got, fmt.Sprint(row[0], "=", row[1]))
	}
	want := "picture=(3, 15, 17)|prepared again=true|encoded=1|activation=0|gradient=true|logits=0|score=0|" +
		"target=P(tank) − P(cat) tank cat|batch=8|seed=0|labels=tank,no tank,cat|layer=N,C,h,w|own=0|none=0"
	if p := r.Parts[0].Picture; p.Height != 12 || p.Width != 12 {
		t.Errorf("an activation is a picture of %d×%d", p.Height, p.Width)
	}
	if strings.Join(got, "|") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "|"), want)
	}
}

// percentiles is a net whose pictures are prepared by their own values.
type percentiles struct{ *vistest.Net }

func (percentiles) Encoder(img *picture.Image) func([]float32) []float32 {
	return preprocess.Preprocess{
		Color: preprocess.RGB, Scale: [2]float64{1, 0}, Intensity: preprocess.Intensity{Percentile: []float64{0, 100}},
	}.Encoder(img, preprocess.Input{Channels: 3})
}

// A raw colour is encoded as the picture's own pixels are, for scripts as for
// built-in methods.
func TestRawColoursFollowThePicture(t *testing.T) {
	s, err := host(t).Load(t.Context(), "t.star", fmt.Sprintf(declaration, `"picture"`)+`
def run(ctx, x, settings):
    return table(["low", "high"], [[ctx.encode(100).at(0), ctx.encode(300).at(0)]])
`)
	if err != nil {
		t.Fatal(err)
	}
	n := vistest.Random(3, 12, 12)
	in := input(t, s, n, score.ClassTarget(0, score.Logit))
	in.Image = picture.NewFloat("p", 2, 1, 3, []float32{100, 100, 100, 300, 300, 300})
	in.Subject = percentiles{n}
	if row := explain(t, s, in).Parts[0].Table.Rows[0]; fmt.Sprint(row) != "[0 1]" {
		t.Errorf("100 and 300 of 100…300 are encoded as %v", row)
	}
}
