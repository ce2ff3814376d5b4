package digest

import (
	"encoding/json"
	"io"
	"math"

	"picasso/backend/visible"
	"picasso/visualizers/audit"
	"picasso/visualizers/audit/labels"
	"picasso/visualizers/audit/performance"
	"picasso/visualizers/audit/statistics"
)

// number is null where it is none.
type number = audit.Number

// interval is [low, high], nil where there is none.
type interval []number

func intervalOf(i statistics.Interval) interval {
	if math.IsNaN(i.Low) {
		return nil
	}
	return interval{number(i.Low), number(i.High)}
}

// document is audit.json.
type document struct {
	Model      string            `json:"model"`
	SHA256     string            `json:"model_sha256"`
	Visualizer string            `json:"visualizer"`
	Settings   map[string]string `json:"settings"`
	Why        string            `json:"why_this_method,omitempty"`
	Explained  string            `json:"class_explained"`
	Score      string            `json:"score"`
	Items      int               `json:"items"`
	Rows       int               `json:"rows"`
	Failed     int               `json:"failed"`
	Missing    int               `json:"missing"`
	Silent     int               `json:"maps_that_say_nothing"`
	Repeats    int               `json:"repeated_files"` // that count once
	Tried      bool              `json:"pictures_were_covered"`
	Flags      []flag            `json:"flags"`
	Classes    []class           `json:"classes"`
	Properties []shortcut        `json:"properties"`
	Copies     []copies          `json:"duplicates"`
	Features   features          `json:"features"`
	Labels     *labelled         `json:"labels,omitempty"`
}

// features are what the network's penultimate activations tell.
type features struct {
	Tensor    string     `json:"tensor,omitempty"`
	Length    int        `json:"length,omitempty"`
	Why       string     `json:"none_because,omitempty"`
	Compared  int        `json:"pictures_compared"`
	Sampled   int        `json:"each_with,omitempty"` // others; left out where it was with all
	Alike     [][]string `json:"near_duplicates"`     // that are no duplicates
	Strangers []stranger `json:"unlike_all_others"`
}

type stranger struct {
	Path     string `json:"path"`
	Distance number `json:"feature_distance"`
	Nearest  string `json:"feature_nearest"`
}

// likeness is what the features of a way's pictures tell.
type likeness struct {
	Within   number `json:"nearest_in_way"` // share of the pictures nearest by their features
	ByChance number `json:"nearest_in_way_by_chance"`
	Typical  number `json:"similarity_of_typical"`
	Any      number `json:"similarity_in_class"`
}

type flag struct {
	Kind      audit.Kind `json:"kind"`
	Suspicion bool       `json:"suspicion"` // else a question
	Class     string     `json:"class"`
	Way       string     `json:"way,omitempty"` // "" for the class as a whole
	Effect    number     `json:"effect"`
	Interval  interval   `json:"interval"`
	Control   number     `json:"control"`
	Sentence  string     `json:"sentence"`
}

type rate struct {
	Share    number   `json:"share"`
	Hits     int      `json:"hits"`
	Of       int      `json:"of"`
	Interval interval `json:"interval"`
}

type lift struct {
	Mean     number   `json:"mean"`
	Interval interval `json:"interval"`
}

type lifts struct {
	Top     lift    `json:"top"`
	Bottom  lift    `json:"bottom"`
	Border  lift    `json:"border"`
	Corners [4]lift `json:"corners"` // upper left, upper right, lower left, lower right
}

type class struct {
	Name     string   `json:"name"`
	Index    int      `json:"index"`
	Items    int      `json:"items"`
	Accuracy *rate    `json:"accuracy,omitempty"`
	Lift     lifts    `json:"lift"`
	Fixed    number   `json:"place_concentration"`
	Ways     []way    `json:"ways"`
	Remark   string   `json:"remark,omitempty"`
	Gaps     []number `json:"eigenvalues"`
}

type way struct {
	Name       string    `json:"name"`
	Size       int       `json:"size"`
	Accuracy   *rate     `json:"accuracy,omitempty"`
	Lift       lifts     `json:"lift"`
	Silhouette number    `json:"silhouette"`
	Place      string    `json:"place"` // in words, where the mean map is strongest
	Drop       *number   `json:"drop"`  // of the probability when the place is covered, in every picture
	Flips      *int      `json:"flips"`
	Control    *number   `json:"control"` // the same for as large places elsewhere
	Follows    *number   `json:"map_follows_picture,omitempty"`
	Stays      *number   `json:"map_stays_with_frame,omitempty"`
	Against    *number   `json:"accuracy_against_rest_p,omitempty"` // Fisher's exact test
	Apart      []apart   `json:"properties,omitempty"`              // that tell its pictures from the other ways'
	Likeness   *likeness `json:"features,omitempty"`
	Typical    []string  `json:"typical"`
	Outliers   []string  `json:"outliers"`
}

type apart struct {
	Property string `json:"property"`
	Title    string `json:"title"`
	AUROC    number `json:"auroc"`
	Higher   bool   `json:"higher_in_way"`
	P        number `json:"p"`
}

type shortcut struct {
	Property string `json:"property"`
	Title    string `json:"title"`
	Class    string `json:"class"`
	Answer   number `json:"auroc_of_answer"`
	Label    number `json:"auroc_of_label"`
	Higher   bool   `json:"higher_with_answer"`
	P        number `json:"p"`
}

type copies struct {
	Items []string `json:"items"`
	Exact bool     `json:"same_file"`
	Leaks string   `json:"across_parts,omitempty"` // in words, where they lie in train and test
}

type labelled struct {
	Form        string        `json:"form"`
	Exclusive   bool          `json:"one_class_each"`
	Policy      labels.Policy `json:"policy"`
	Counts      labels.Counts `json:"counts"`
	Accuracy    rate          `json:"accuracy"`
	Classes     []judged      `json:"classes"`
	Confusion   [][]int       `json:"confusion,omitempty"` // rows are labels, columns answers, as classes
	Pairs       []pair        `json:"confused"`
	Calibration number        `json:"expected_calibration_error"`
	Brier       number        `json:"brier"`
	Bins        []bin         `json:"reliability"`
	Warnings    []string      `json:"warnings,omitempty"`
	Surest      []wrong       `json:"surest_wrong"`
	Lucky       []string      `json:"right_for_the_wrong_reason,omitempty"`
}

type judged struct {
	Name      string      `json:"name"`
	Support   int         `json:"support"`
	Answers   int         `json:"answers"`
	Precision rate        `json:"precision"`
	Recall    rate        `json:"recall"`
	F1        number      `json:"f1"`
	AUROC     *number     `json:"auroc,omitempty"`
	AP        *number     `json:"average_precision,omitempty"`
	Half      *threshold  `json:"at_half,omitempty"`
	Youden    *threshold  `json:"at_youden,omitempty"`
	BestF1    *threshold  `json:"at_best_f1,omitempty"`
	Curve     []threshold `json:"curve,omitempty"`
}

type threshold struct {
	Value       number `json:"threshold"`
	Sensitivity number `json:"sensitivity"`
	Specificity number `json:"specificity"`
	Precision   number `json:"precision"`
	F1          number `json:"f1"`
}

type pair struct {
	Label  string `json:"label"`
	Answer string `json:"answer"`
	Count  int    `json:"count"`
}

type bin struct {
	Low        number `json:"low"`
	High       number `json:"high"`
	Count      int    `json:"count"`
	Confidence number `json:"confidence"`
	Accuracy   number `json:"accuracy"`
}

type wrong struct {
	Path        string   `json:"path"`
	Answer      string   `json:"answer"`
	Probability number   `json:"probability"`
	Label       []string `json:"label"`
}

// json writes audit.json.
func (d *Digest) json(w io.Writer) error {
	enc := json.NewEncoder(&visible.Writer{To: w, Keep: "\n"})
	enc.SetIndent("", "  ")
	return enc.Encode(d.document())
}

func (d *Digest) document() document {
	m, a := d.Manifest, d.Analysis
	out := document{
		Model: m.Model.Name, SHA256: m.Settings.Model, Visualizer: m.Visualizer, Settings: m.Values, Why: m.Why, Explained: m.Class, Score: m.Score,
		Items: m.Count, Rows: a.Pictures, Failed: a.Failed, Missing: d.Missing, Silent: a.Silent, Repeats: a.Repeats, Tried: a.Tried(),
		Flags: []flag{}, Classes: []class{}, Properties: []shortcut{}, Copies: []copies{},
	}
	for _, f := range a.Flags {
		out.Flags = append(out.Flags, flag{f.Kind, f.Kind.Suspicion(), d.ClassName(f.Class), Letter(f.Way), number(f.Effect), intervalOf(f.Interval), number(f.Control), f.Sentence})
	}
	for _, c := range a.Classes {
		out.Classes = append(out.Classes, d.classJSON(c))
		for _, s := range c.Shortcuts {
			out.Properties = append(out.Properties, shortcut{s.Property.ID, s.Property.Title, c.Name, number(s.AUROC()), number(0.5 + s.Label/2), s.Higher, number(s.P)})
		}
	}
	for _, c := range a.Copies {
		out.Copies = append(out.Copies, copies{d.paths(c.Items), c.Exact, d.Leaks(c.Items)})
	}
	out.Features = d.featuresJSON()
	if d.Judged != nil {
		out.Labels = d.labelJSON(d.Judged)
	}
	return out
}

func (d *Digest) featuresJSON() features {
	m, a := d.Manifest, d.Analysis
	out := features{Tensor: m.Features, Length: m.FeatureLength, Compared: a.Compared, Sampled: a.Sampled, Alike: [][]string{}, Strangers: []stranger{}}
	if m.Features == "" {
		if out.Why = m.Without; out.Why == "" {
			out.Why = "the audit was begun by a version that kept none"
		}
	}
	for _, group := range a.Alike {
		out.Alike = append(out.Alike, d.paths(group))
	}
	for _, i := range a.Strangers(mostStrangers) {
		out.Strangers = append(out.Strangers, stranger{d.Sample.Rows[i].Path, number(a.Standing[i].Apart), d.Sample.Rows[a.Standing[i].Alike].Path})
	}
	return out
}

// mostStrangers bounds the pictures that are named as unlike all others.
const mostStrangers = 12

func (d *Digest) paths(items []int) []string {
	out := make([]string, len(items))
	for k, i := range items {
		out[k] = d.Sample.Rows[i].Path
	}
	return out
}

// rateJSON is nil where nothing was judged.
func rateJSON(r audit.Rate) *rate {
	if r.Of == 0 {
		return nil
	}
	out := rateOf(r)
	return &out
}

func rateOf(r audit.Rate) rate { return rate{number(r.Share()), r.Hits, r.Of, intervalOf(r.Interval)} }

func liftJSON(l audit.Lift) lift { return lift{number(l.Mean), intervalOf(l.Interval)} }

func liftsJSON(l audit.Lifts) lifts {
	out := lifts{Top: liftJSON(l.Top), Bottom: liftJSON(l.Bottom), Border: liftJSON(l.Border)}
	for k, c := range l.Corners {
		out.Corners[k] = liftJSON(c)
	}
	return out
}

func (d *Digest) classJSON(c audit.Class) class {
	out := class{Name: c.Name, Index: c.Class, Items: len(c.Items), Accuracy: rateJSON(c.Accuracy), Lift: liftsJSON(c.Lift), Fixed: number(c.Fixed), Ways: []way{}, Remark: c.Why, Gaps: []number{}}
	for _, v := range c.Values {
		out.Gaps = append(out.Gaps, number(v))
	}
	for k, w := range c.Ways {
		one := way{Name: Letter(k), Size: len(w.Items), Accuracy: rateJSON(w.Accuracy), Lift: liftsJSON(w.Lift), Silhouette: number(w.Silhouette),
			Place: w.Where(), Typical: d.paths(w.Typical()), Outliers: d.paths(w.Outliers)}
		if v := w.Covered; v != nil {
			drop, control := number(v.Drop), number(v.ControlDrop)
			one.Drop, one.Control, one.Flips = &drop, &control, &v.Flips
		}
		if v := w.Moved; v != nil {
			content, frame := number(v.Content), number(v.Frame)
			one.Follows, one.Stays = &content, &frame
		}
		if !math.IsNaN(w.Against) {
			p := number(w.Against)
			one.Against = &p
		}
		if l := w.Likeness; l != nil {
			one.Likeness = &likeness{number(l.Within), number(l.ByChance), number(l.Typical), number(l.Any)}
		}
		for _, a := range w.Apart {
			one.Apart = append(one.Apart, apart{a.Property.ID, a.Property.Title, number(a.AUROC()), a.Higher, number(a.P)})
		}
		out.Ways = append(out.Ways, one)
	}
	return out
}

func (d *Digest) labelJSON(p *performance.Performance) *labelled {
	out := &labelled{Form: d.Truth.Form, Exclusive: d.Truth.Exclusive, Policy: d.Truth.Policy, Counts: d.Truth.Counts, Accuracy: rateOf(p.Accuracy),
		Confusion: p.Confusion, Pairs: []pair{}, Calibration: number(p.CalibrationError), Brier: number(p.Brier), Warnings: p.Warnings, Surest: []wrong{}, Lucky: d.paths(p.LuckyMaps)}
	for _, c := range p.Classes {
		j := judged{Name: d.ClassName(c.Class), Support: c.Support, Answers: c.Answers, Precision: rateOf(c.Precision), Recall: rateOf(c.Recall), F1: number(c.F1)}
		if v := c.Curve; v != nil {
			auroc, ap := number(v.AUROC), number(v.AveragePrecision)
			j.AUROC, j.AP, j.Half, j.Youden, j.BestF1 = &auroc, &ap, thresholdJSON(v.Half), thresholdJSON(v.Youden), thresholdJSON(v.BestF1)
			for _, t := range v.Points {
				j.Curve = append(j.Curve, *thresholdJSON(t))
			}
		}
		out.Classes = append(out.Classes, j)
	}
	for _, c := range p.Pairs {
		out.Pairs = append(out.Pairs, pair{d.ClassName(c.Label), d.ClassName(c.Answer), c.Count})
	}
	for _, b := range p.Reliability {
		out.Bins = append(out.Bins, bin{number(b.Low), number(b.High), b.Count, number(b.Confidence), number(b.Accuracy)})
	}
	for _, i := range p.Surest {
		r := d.Sample.Rows[i]
		out.Surest = append(out.Surest, wrong{r.Path, d.ClassName(r.Predicted), r.Probability, d.LabelsOf(i)})
	}
	return out
}

func thresholdJSON(t performance.Threshold) *threshold {
	return &threshold{number(t.Value), number(t.Sensitivity), number(t.Specificity), number(t.Precision), number(t.F1)}
}
