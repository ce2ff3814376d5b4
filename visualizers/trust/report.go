package trust

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Report is what has been tested of one map; nil is what has not. It is the
// same in result.json and for scripts.
type Report struct {
	Cover        *Cover        `json:"cover,omitempty"`
	Completeness *Completeness `json:"completeness,omitempty"`
	Edges        *EdgeLikeness `json:"outlines,omitempty"`
	OtherClass   *OtherClass   `json:"other_class,omitempty"`
	Region       *Region       `json:"region,omitempty"` // of all regions together
	// Labels are the regions one by one, where there are several.
	Labels       []LabelledRegion `json:"regions,omitempty"`
	Stability    *Stability       `json:"stability,omitempty"`
	EveryPicture *EveryPicture    `json:"every_picture,omitempty"`
	Agreement    *Agreement       `json:"agreement,omitempty"`
}

// MarshalJSON implements json.Marshaler. The two plain numbers also stand for
// themselves.
func (r Report) MarshalJSON() ([]byte, error) {
	type plain Report
	out := struct {
		plain
		Gap   *Number `json:"completeness_gap,omitempty"`
		Edges *Number `json:"edge_likeness,omitempty"`
	}{plain: plain(r)}
	if r.Completeness != nil {
		out.Gap = &r.Completeness.Gap
	}
	if r.Edges != nil {
		out.Edges = &r.Edges.Spearman
	}
	return json.Marshal(out)
}

// Finding is one line about a map: a test with its verdict, its number, and what
// that number is to be compared with.
type Finding struct {
	Test      string // as the command line names it
	Title     string
	Verdict   Verdict
	Number    string
	Reference string
	Note      string // what else has to be known of the number; "" for nothing
}

// String is the finding as one line.
func (f Finding) String() string {
	text := fmt.Sprintf("%s: %s. %s", f.Title, f.Verdict.Word, f.Verdict.Said)
	if f.Number != "" {
		text += fmt.Sprintf(" (%s; %s)", f.Number, f.Reference)
	}
	if f.Note != "" {
		text += " " + f.Note
	}
	return text
}

// Tests are the names by which tests are asked for, in order.
func Tests() []string {
	return []string{CoverTest, SumTest, ClassTest, EdgesTest, RegionTest, StabilityTest, PicturesTest, AgreementTest}
}

// Names of tests.
const (
	CoverTest     = "cover"
	SumTest       = "completeness"
	ClassTest     = "class"
	EdgesTest     = "outlines"
	RegionTest    = "region"
	StabilityTest = "stability"
	PicturesTest  = "pictures"
	AgreementTest = "agreement"
)

// Findings lists what has been tested, in the order of [Tests].
func (r Report) Findings() []Finding {
	var list []Finding
	add := func(test, title string, v Verdict, number, reference string) {
		list = append(list, Finding{Test: test, Title: title, Verdict: v, Number: number, Reference: reference})
	}
	if c := r.Cover; c != nil {
		number, reference := "", ""
		if c.Random != nil {
			number, reference = "gain "+c.Gain.signed(), "random 0 ± "+c.Random.SD.String()
			if c.Edges != nil {
				reference += ", outlines " + c.Edges.Gain.signed()
			}
		}
		add(CoverTest, "Cover test", c.Verdict, number, reference)
		list[0].Note = c.note()
	}
	if c := r.Completeness; c != nil {
		add(SumTest, "Adds up", c.Verdict, fmt.Sprintf("gap %s", percent(float64(c.Gap))), "at most "+percent(completeGap))
	}
	if o := r.OtherClass; o != nil {
		add(ClassTest, "Other class", o.Verdict, fmt.Sprintf("similarity %s", o.Spearman), fmt.Sprintf("below %.1f", sameRank))
	}
	if e := r.Edges; e != nil {
		add(EdgesTest, "Looks like outlines", e.Verdict, fmt.Sprintf("similarity %s", max(e.Spearman, e.SpearmanAbs)), fmt.Sprintf("below %.1f", outlineRank))
	}
	if g := r.Region; g != nil {
		title := "Inside your region"
		if len(r.Labels) > 0 {
			title = "Inside your regions together"
		}
		add(RegionTest, title, g.Verdict, g.line(), "chance "+percent(float64(g.Area)))
	}
	for _, l := range r.Labels {
		add(RegionTest, fmt.Sprintf("Inside “%s”", l.Name), l.Verdict, l.line(), "chance "+percent(float64(l.Area)))
	}
	if s := r.Stability; s != nil {
		add(StabilityTest, "Same again", s.Verdict, fmt.Sprintf("similarity %s", Number(min(lowest(s.Seeds), lowest(s.Shifts)))), fmt.Sprintf("at least %.1f", stableRank))
	}
	if e := r.EveryPicture; e != nil {
		add(PicturesTest, "Same for every picture", e.Verdict, fmt.Sprintf("similarity %s", e.SSIM), fmt.Sprintf("below %.1f", samePicture))
	}
	if a := r.Agreement; a != nil {
		add(AgreementTest, "Agrees with others", a.Verdict, a.line(), fmt.Sprintf("at least %.1f, or %.2f of what they mark most", agreeingRank, agreeingIoU))
	}
	for i := range list {
		if strings.Contains(list[i].Number, "NaN") || strings.Contains(list[i].Number, "Inf") {
			list[i].Number, list[i].Reference = "", ""
		}
	}
	return list
}

// line is how much of the map lies inside.
func (r Region) line() string {
	return fmt.Sprintf("%s inside, AUPRC %s", percent(float64(r.Mass)), r.AUPRC)
}

// line names the other methods with their rank correlations, and how much of
// what both mark most is the same.
func (a Agreement) line() string {
	parts := make([]string, len(a.With))
	for i, l := range a.With {
		parts[i] = fmt.Sprintf("%s %s, %s of what they mark most", l.Title, l.Spearman, l.IoU)
	}
	return strings.Join(parts, "; ")
}
