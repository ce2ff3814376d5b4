package cli

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"picasso/backend/score"
	"strings"
	"time"

	"picasso/backend"
	"picasso/backend/metadata"
	"picasso/backend/picture"
	"picasso/backend/visible"
	"picasso/ui/drawing"
	"picasso/visualizers"
	"picasso/visualizers/trust"
)

// report is result.json: what was explained, how, and where its files are.
type report struct {
	Model struct {
		Path        string `json:"path"`
		SHA256      string `json:"sha256"`
		Provider    string `json:"provider"`
		ONNXRuntime string `json:"onnxruntime"`
		// Notes are what was noticed while opening it.
		Notes []string `json:"notes,omitempty"`
	} `json:"model"`
	// Doubts are what the model's file and a trial run leave open about its output.
	Doubts []metadata.Doubt `json:"doubts,omitempty"`
	Image  struct {
		Path string `json:"path"`
		// Withheld tells that the path would tell who a patient is.
		Withheld bool        `json:"path_withheld,omitempty"`
		SHA256   string      `json:"sha256"`
		Width    int         `json:"width"`
		Height   int         `json:"height"`
		Scan     *scanReport `json:"scan,omitempty"`
	} `json:"image"`
	Notice      string       `json:"notice,omitempty"` // of medical pictures
	Predictions []prediction `json:"predictions"`
	Maps        []mapReport  `json:"maps"`
	Parts       []partReport `json:"parts,omitempty"`
	Notes       []string     `json:"notes,omitempty"`
	Remarks     []string     `json:"remarks,omitempty"`  // what was noticed while reading the picture
	Warnings    []string     `json:"warnings,omitempty"` // what looks wrong with the input, and of the methods
	Timing      timing       `json:"timing"`
}

type prediction struct {
	Index       int     `json:"index"`
	Name        string  `json:"name"`
	Probability number  `json:"probability"`
	Logit       *number `json:"logit"`
}

type classReport struct {
	Index   int          `json:"index"`
	Name    string       `json:"name"`
	Against *classReport `json:"against,omitempty"`
}

type mapReport struct {
	Visualizer    string            `json:"visualizer"`
	Class         classReport       `json:"class"`
	Output        string            `json:"output"`
	Settings      map[string]string `json:"settings"`
	Unit          string            `json:"unit"`
	PositiveMeans string            `json:"positive_means"`
	NPY           string            `json:"npy"`
	PNG           string            `json:"png"`
	Width         int               `json:"width"`
	Height        int               `json:"height"`
	Channels      int               `json:"channels,omitempty"`
	Min           number            `json:"min"`
	Max           number            `json:"max"`
	Metrics       map[string]number `json:"metrics"`
	Trust         *trust.Report     `json:"trust,omitempty"` // where the map was judged
}

type timing struct {
	LoadMS        number `json:"load_ms"`
	RunMS         number `json:"run_ms"`
	ForwardPasses int    `json:"forward_passes"`
	// Engine and MultiplyAddsShare tell how covered copies of the picture were
	// scored: the engine, and the work divided by that of full inference.
	Engine            string  `json:"engine,omitempty"`
	MultiplyAddsShare *number `json:"multiply_adds_share,omitempty"`
	// Lanes is the number of parallel runs, one thread each, in full
	// inference; 1 is one run with all threads.
	Lanes int `json:"lanes,omitempty"`
	// TrustMS is what judging the maps took beside that.
	TrustMS number `json:"trust_ms,omitempty"`
}

// number is written as JSON null where it is not finite.
type number = trust.Number

// maxPredictions bounds the classes listed in a report.
const maxPredictions = 1000

func newReport(m *backend.Model, s subject, base score.Scores, loaded time.Duration) *report {
	r := &report{Maps: []mapReport{}}
	r.Model.Path, r.Model.SHA256, r.Model.Notes = picture.Said(m.Path), m.SHA256, m.Warnings.Texts()
	r.Doubts = m.Doubts
	r.Model.Provider = m.Provider()
	r.Image.Path, r.Image.SHA256 = s.path, s.sha256
	r.Image.Withheld = s.path == ""
	b := s.base.Bounds()
	r.Image.Width, r.Image.Height = b.Dx(), b.Dy()
	r.Image.Scan, r.Notice = newScanReport(s), drawing.Notice(s.picture)
	r.Predictions = predictions(m, base, maxPredictions)
	r.Timing.LoadMS = milliseconds(loaded)
	return r
}

// predictions lists the best classes first.
func predictions(m *backend.Model, s score.Scores, most int) []prediction {
	ranked := m.Rank(s)
	out := make([]prediction, 0, min(most, len(ranked)))
	for _, c := range ranked[:min(most, len(ranked))] {
		p := prediction{Index: c.Index, Name: c.Name, Probability: number(c.Probability)}
		if m.HasLogits() {
			l := number(c.Logit)
			p.Logit = &l
		}
		out = append(out, p)
	}
	return out
}

func (r *report) add(res visualizers.Result, took time.Duration) {
	r.Timing.RunMS += milliseconds(took)
	r.Timing.ForwardPasses += res.Passes
	if a := res.Stats; a != nil {
		share := number(a.Share)
		r.Timing.Engine, r.Timing.MultiplyAddsShare, r.Timing.Lanes = string(a.Engine), &share, a.Lanes
	}
	if res.Note != "" {
		r.Notes = append(r.Notes, res.Note)
	}
	for _, m := range res.Maps { // each names its own class
		if m.Finding != "" {
			r.Notes = append(r.Notes, m.Finding)
		}
	}
	r.Warnings = append(r.Warnings, res.Warnings...)
}

// addMap writes a map's two files and describes it.
func (r *report) addMap(f *folder, v visualizers.Visualizer, m *backend.Model, s subject, mp visualizers.Map, settings map[string]string) error {
	return r.addMapAs(fmt.Sprintf("%s-%s", v.Info().ID, targetFile(mp.Target)), f, v, m, s, mp, settings)
}

// addMapAs is addMap with files of a given stem.
func (r *report) addMapAs(stem string, f *folder, v visualizers.Visualizer, m *backend.Model, s subject, mp visualizers.Map, settings map[string]string) error {
	entry := mapReport{
		Visualizer: v.Info().ID, Class: describeClass(m, mp.Target), Output: mp.Target.Score.String(),
		Settings: settings, Unit: mp.Unit, PositiveMeans: mp.Positive,
		NPY: stem + ".npy", PNG: stem + ".png",
		Width: mp.Width, Height: mp.Height, Metrics: map[string]number{},
	}
	if len(mp.Shape()) > 2 {
		entry.Channels = mp.Channels
	}
	entry.Min, entry.Max = extremes(mp.Values)
	for k, x := range mp.Metrics {
		entry.Metrics[k] = number(x)
	}
	if err := f.array(entry.NPY, mp.Shape(), mp.Values); err != nil {
		return err
	}
	if err := f.png(entry.PNG, drawing.Overlay(s.base, mp, s.extent(mp), drawing.Default(v.Info()).Style(mp, s.scan()))); err != nil {
		return err
	}
	r.Maps = append(r.Maps, entry)
	return nil
}

// targetFile is the part of a file name that tells classes apart.
func targetFile(t score.Target) string {
	if t.Against == score.NoClass {
		return fmt.Sprint(t.Class)
	}
	return fmt.Sprintf("%d-vs-%d", t.Class, t.Against)
}

func describeClass(m *backend.Model, t score.Target) classReport {
	c := classReport{Index: t.Class, Name: m.ClassName(t.Class)}
	if t.Against != score.NoClass {
		c.Against = &classReport{Index: t.Against, Name: m.ClassName(t.Against)}
	}
	return c
}

// extremes are the smallest and largest known values; NaN where none is known.
func extremes(v []float32) (lo, hi number) {
	lo, hi = number(math.NaN()), number(math.NaN())
	for _, x := range v {
		if x != x {
			continue
		}
		if f := number(x); !(f >= lo) {
			lo = f
		}
		if f := number(x); !(f <= hi) {
			hi = f
		}
	}
	return lo, hi
}

func milliseconds(d time.Duration) number { return number(d.Seconds() * 1000) }

// imageError is one entry of errors.json.
type imageError struct {
	Image string `json:"image"`
	Error string `json:"error"`
}

// reason is an error in one line without the file, which is named beside it.
func reason(err error) string {
	var p *picture.Error
	if errors.As(err, &p) {
		bare := *p
		bare.Path = ""
		var memory *picture.MemoryError
		if errors.As(err, &memory) {
			bare.Remedy = allowing(memory)
		}
		err = &bare
	}
	return strings.TrimPrefix(oneLine(err), ": ")
}

// line names the file exactly once.
func (e imageError) line() string {
	if strings.HasPrefix(e.Error, e.Image) {
		return line(e.Error)
	}
	return visible.Text(filepath.ToSlash(e.Image)) + ": " + line(e.Error)
}
