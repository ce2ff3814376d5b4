package digest

import (
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"picasso/backend/picture"
	"picasso/backend/visible"
	"picasso/ui/drawing"
	"picasso/visualizers/audit"
)

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{
	"text": visible.Text, "percent": percent, "two": two, "three": three, "add": func(a, b int) int { return a + b },
}).Parse(pageText))

// page is what report.html shows, in words where it can be.
type page struct {
	Title, Model, Method, Why string
	Notice                    string // of medical pictures
	Counts                    []string
	Suspicions, Questions     []flag
	NotTried                  bool
	Classes                   []classPage
	Copies                    []alike
	MoreCopies                int
	Features                  features
	Alike                     []alike
	MoreAlike                 int
	Strangers                 []thumb
	Labels                    *labelled
	Surest, Lucky             []thumb
	Reliability               template.HTML
	Curves                    []curvePage
	Worst                     []shortcut // properties, the strongest first
}

// alike are pictures that are nearly the same.
type alike struct {
	Thumbs []thumb
	Leaks  string // see [Digest.Leaks]
}

// alike shows the first of pictures that are nearly the same.
func (g *gallery) alike(ctx context.Context, items []int) alike {
	return alike{g.of(ctx, items[:min(len(items), 4)]), g.d.Leaks(items)}
}

type classPage struct {
	class
	Mean, Spread template.URL
	Ways         []wayPage
}

type wayPage struct {
	way
	Mean              template.URL
	Typical, Outliers []thumb
}

// page writes report.html.
func (d *Digest) page(ctx context.Context, w io.Writer, open func(ctx context.Context, i int) (*picture.Image, error)) error {
	doc := d.document()
	g := &gallery{d: d, open: open, left: mostThumbs}
	p := page{Title: d.title(), Model: fmt.Sprintf("%s, SHA-256 %s", doc.Model, doc.SHA256), Method: method(doc), Why: doc.Why, NotTried: !doc.Tried, Labels: doc.Labels}
	p.Counts = d.Counts()
	for _, f := range doc.Flags {
		if f.Suspicion {
			p.Suspicions = append(p.Suspicions, f)
		} else {
			p.Questions = append(p.Questions, f)
		}
	}
	if d.Judged != nil {
		p.charts(d)
		p.Surest, p.Lucky = g.of(ctx, d.Judged.Surest), g.of(ctx, d.Judged.LuckyMaps)
	}
	for k, c := range d.Analysis.Classes {
		p.Classes = append(p.Classes, d.classPage(ctx, g, c, doc.Classes[k]))
	}
	for k, c := range d.Analysis.Copies {
		if k == mostCopies {
			p.MoreCopies = len(d.Analysis.Copies) - k
			break
		}
		p.Copies = append(p.Copies, g.alike(ctx, c.Items))
	}
	p.features(ctx, d, g, doc)
	p.Worst = slices.DeleteFunc(doc.Properties, func(s shortcut) bool { return s.Answer < 0.75 })
	slices.SortStableFunc(p.Worst, func(a, b shortcut) int { return cmp.Compare(b.Answer, a.Answer) })
	p.Worst = p.Worst[:min(len(p.Worst), 12)]
	if g.medical || d.Medical() {
		p.Notice = drawing.ResearchUse
	}
	return pageTemplate.Execute(w, p)
}

// features shows what the penultimate activations tell.
func (p *page) features(ctx context.Context, d *Digest, g *gallery, doc document) {
	p.Features = doc.Features
	for k, group := range d.Analysis.Alike {
		if k == mostCopies {
			p.MoreAlike = len(d.Analysis.Alike) - k
			break
		}
		p.Alike = append(p.Alike, g.alike(ctx, group))
	}
	p.Strangers = g.of(ctx, d.Analysis.Strangers(mostStrangers))
}

// mostCopies bounds the groups of copies that a page shows.
const mostCopies = 10

func (d *Digest) classPage(ctx context.Context, g *gallery, c audit.Class, doc class) classPage {
	out := classPage{class: doc, Mean: meanMap(c.Mean), Spread: meanMap(c.Spread)}
	for k, w := range c.Ways {
		out.Ways = append(out.Ways, wayPage{way: doc.Ways[k], Mean: meanMap(w.Mean), Typical: g.of(ctx, w.Typical()), Outliers: g.of(ctx, w.Outliers)})
	}
	return out
}

func method(doc document) string {
	var settings []string
	for k, v := range doc.Settings {
		settings = append(settings, k+"="+v)
	}
	slices.Sort(settings)
	text := doc.Visualizer
	if len(settings) > 0 {
		text += " (" + strings.Join(settings, ", ") + ")"
	}
	score := map[string]string{"logit": "logit", "prob": "probability"}[doc.Score]
	if doc.Explained == audit.PredictedName {
		return fmt.Sprintf("%s, of the %s of the class that the model says of each picture", text, score)
	}
	return fmt.Sprintf("%s, of the %s of %s", text, score, doc.Explained)
}

// Counts are what became of the items, in words.
func (d *Digest) Counts() []string {
	list := []string{fmt.Sprintf("%d of %d pictures have a row", d.Analysis.Pictures, d.Manifest.Count)}
	for _, c := range []struct {
		n    int
		what string
	}{{d.Analysis.Failed, "could not be explained; rows.csv says why"}, {d.Missing, "were not reached yet"}, {d.Analysis.Silent, "have a map that says nothing"}, {d.Analysis.Repeats, "are the same file as another and count once"}} {
		if c.n > 0 {
			list = append(list, fmt.Sprintf("%d %s", c.n, c.what))
		}
	}
	return list
}

// Medical reports whether scans are among the pictures.
func (d *Digest) Medical() bool {
	return slices.ContainsFunc(d.Sample.Rows, func(r audit.Row) bool {
		return strings.HasPrefix(r.Path, "series-") || strings.HasPrefix(r.Path, "scan-")
	})
}

// Confused are the pictures with a label that were given an answer, the surest
// first.
func (d *Digest) Confused(label, answer int) []int {
	var list []int
	for i, r := range d.Sample.Rows {
		if r.Error != "" || r.Predicted != answer || d.Truth == nil {
			continue
		}
		if is, known := d.Truth.Of(i, label); is && known {
			list = append(list, i)
		}
	}
	slices.SortStableFunc(list, func(i, j int) int {
		return cmp.Compare(d.Sample.Rows[j].Probability, d.Sample.Rows[i].Probability)
	})
	return list
}

// curvePage is the curve of a class.
type curvePage struct {
	Name  string
	Chart template.HTML
}

// charts draws how good the answers are.
func (p *page) charts(d *Digest) {
	j := d.Judged
	p.Reliability = inline(ReliabilityChart(j.Reliability, paper), "Calibration", "How often answers are right, over their probability.")
	for _, c := range j.Classes {
		if c.Curve != nil && len(p.Curves) < mostCurves {
			name := d.ClassName(c.Class)
			p.Curves = append(p.Curves, curvePage{name, inline(CurveChart(c.Curve, paper), "Receiver operating characteristic of "+name, "Sensitivity over 1 − specificity.")})
		}
	}
}

// mostCurves bounds the curves of a page.
const mostCurves = 12

func percent(n number) string {
	if n.String() == "" {
		return "–"
	}
	return fmt.Sprintf("%.0f %%", 100*float64(n))
}

func two(n number) string { return n.Short() }

// three has three decimals, for cosines near 1.
func three(n number) string {
	if n.String() == "" {
		return "–"
	}
	return fmt.Sprintf("%.3f", float64(n))
}
