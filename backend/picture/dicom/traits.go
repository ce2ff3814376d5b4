package dicom

import (
	"fmt"
	"math"
	"strings"
)

// Kind is a way in which the volumes of a series differ. Those before
// [Acquisition] always separate volumes; the others only where several frames
// lie at one place.
type Kind int

// The kinds, in the order in which volumes are sorted.
const (
	Stack       Kind = iota // of an enhanced file (0020,9056)
	Segment                 // of a segmentation (0062,000B)
	Kernel                  // of reconstruction (0018,1210)
	Contrast                // whether a contrast agent was given (0018,0010)
	Component               // magnitude, phase, real, imaginary; water, fat; ADC, FA…
	Echo                    // echo time, milliseconds
	Inversion               // inversion time, milliseconds
	BValue                  // of diffusion, s/mm²
	Direction               // of diffusion
	Temporal                // position in time (0020,0100)
	Acquisition             // number (0020,0012)
	Cycle                   // percentage of the heart's cycle
	Trigger                 // milliseconds behind the heart's trigger
	ImageType               // the rest of (0008,0008)
	Dimension               // all indices of an enhanced file that are not of space (0020,9157)
	Acquired                // time of day, seconds
	Content                 // time of day, seconds
	Kinds
)

// Trait is one property of a frame. Number sorts; Text is what it is called, or
// what tells it from others, where no number does.
type Trait struct {
	Known  bool
	Number float64
	Text   string
}

// Traits are a frame's, by kind.
type Traits [Kinds]Trait

// Attributes that tell volumes of one series from each other.
const (
	tagFrameType       Tag = 0x00089007
	tagComplex         Tag = 0x00089208
	tagContrastAgent   Tag = 0x00180010
	tagEchoTime        Tag = 0x00180081
	tagInversionTime   Tag = 0x00180082
	tagTriggerTime     Tag = 0x00181060
	tagKernel          Tag = 0x00181210
	tagFrameAcquired   Tag = 0x00189074
	tagDirectionality  Tag = 0x00189075
	tagGradient        Tag = 0x00189076 // sequence
	tagEffectiveEcho   Tag = 0x00189082
	tagBValue          Tag = 0x00189087
	tagOrientationOf   Tag = 0x00189089 // of the gradient
	tagEchoes          Tag = 0x00189114
	tagDiffusion       Tag = 0x00189117
	tagHeart           Tag = 0x00189118
	tagFrameTypes      Tag = 0x00189226
	tagReconstruction  Tag = 0x00189314
	tagAcquisition     Tag = 0x00200012
	tagTemporal        Tag = 0x00200100
	tagStack           Tag = 0x00209056
	tagFrameContent    Tag = 0x00209111
	tagTemporalIndex   Tag = 0x00209128
	tagTriggerDelay    Tag = 0x00209153
	tagInStack         Tag = 0x00209057
	tagDimensionValues Tag = 0x00209157
	tagDimensionOf     Tag = 0x00209165
	tagDimensions      Tag = 0x00209222
	tagSegments        Tag = 0x0062000a
	tagSegment         Tag = 0x0062000b
	tagFrameNumber     Tag = 0x00209156
	tagCycle           Tag = 0x00209241
	tagContentTime     Tag = 0x00080033
)

// traits reads what may tell the frame's volume from others of its series.
func (a attributes) traits(found *findings) Traits {
	var t Traits
	content := a.group(tagFrameContent)
	t.word(Stack, content.text(tagStack), "")
	t.whole(Segment, a.group(tagSegments), tagSegment)
	a.dimensions(&t, content)
	kernel := strings.Join(a.holder(tagReconstruction, tagKernel).texts(tagKernel), " ")
	if t.word(Kernel, kernel, ""); t[Kernel].Known {
		t[Kernel].Text = found.label(kernel)
	}
	agent := a.root.text(tagContrastAgent)
	t[Contrast] = Trait{Known: true, Text: "without contrast"}
	if agent != "" && !strings.EqualFold(agent, "none") && !strings.EqualFold(agent, "no") {
		t[Contrast] = Trait{Known: true, Number: 1, Text: "with contrast"}
	}
	a.component(&t)
	t.number(Echo, a.holder(tagEchoes, tagEffectiveEcho), tagEffectiveEcho)
	t.number(Echo, a.root, tagEchoTime)
	t.number(Inversion, a.root, tagInversionTime)
	a.diffusion(&t)
	t.whole(Temporal, a.root, tagTemporal)
	t.whole(Temporal, content, tagTemporalIndex)
	t.whole(Acquisition, a.root, tagAcquisition)
	t.whole(Acquisition, content, tagFrameNumber)
	t.number(Cycle, a.holder(tagHeart, tagCycle), tagCycle)
	t.number(Trigger, a.holder(tagHeart, tagTriggerDelay), tagTriggerDelay)
	t.number(Trigger, a.root, tagTriggerTime)
	t.clock(Acquired, a.root.text(tagAcquisitionTime))
	if at, ok := stamp(content.text(tagFrameAcquired)); ok {
		t[Acquired] = Trait{Known: true, Number: float64(at.Unix()) + float64(at.Nanosecond())/1e9}
	}
	t.clock(Content, a.root.text(tagContentTime))
	return t
}

// dimensions reads by which numbers an enhanced file sorts its frames
// (PS3.3 C.7.6.17), but for those of space.
func (a attributes) dimensions(t *Traits, content *dataset) {
	values := content.find(tagDimensionValues)
	if values == nil {
		return
	}
	b := values.bounded()
	for _, d := range a.root.items(tagDimensions) {
		of := d.words(tagDimensionOf)
		if len(b) < 4 || len(of) < 2 {
			return
		}
		index := content.order.Uint32(b)
		b = b[4:]
		switch Tag(of[0])<<16 | Tag(of[1]) {
		case tagInStack, tagPosition, tagStack:
			continue
		}
		t[Dimension].Known = true
		t[Dimension].Number = t[Dimension].Number*maxFrames + float64(index%maxFrames)
	}
}

// label is a short name of the file's that tells nothing of the patient, or "".
func (p *findings) label(s string) string {
	if len(s) > maxQuote || p.tells(s) {
		return ""
	}
	return p.readable(s)
}

func (t *Traits) word(k Kind, key, name string) {
	if key != "" {
		t[k] = Trait{Known: true, Number: hash(key), Text: name}
	}
}

// hash tells texts from each other; its order means nothing.
func hash(s string) float64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return float64(h >> 12)
}

// number takes the first number of an element over, unless there is one.
func (t *Traits) number(k Kind, d *dataset, tag Tag) {
	if n := d.number(tag); !t[k].Known && n.given && !n.broken {
		t[k] = Trait{Known: true, Number: n.value}
	}
}

// whole is number for whole numbers, of text or binary.
func (t *Traits) whole(k Kind, d *dataset, tag Tag) {
	e := d.find(tag)
	if e == nil || t[k].Known || len(e.value) == 0 {
		return
	}
	if n := d.number(tag); n.given && !n.broken {
		t[k] = Trait{Known: true, Number: n.value}
	} else if v, ok := d.integer(tag); ok && (e.vr[0] == 'U' || e.vr == [2]byte{}) {
		t[k] = Trait{Known: true, Number: float64(v)}
	}
}

func (t *Traits) clock(k Kind, s string) {
	if at, ok := timeOf(s); ok {
		t[k] = Trait{Known: true, Number: at.Seconds()}
	}
}

// components are the kinds of MR images by the words of image and frame types,
// in the order in which they are shown.
var components = []struct {
	name  string
	words string
}{
	{"magnitude", " M MAGNITUDE M_FFE M_SE M_IR "},
	{"phase", " P PHASE PHASE_MAP VELOCITY "},
	{"real", " R REAL "},
	{"imaginary", " I IMAGINARY "},
	{"in phase", " IN_PHASE IP IN "},
	{"opposed phase", " OPP_PHASE OUT_PHASE OP OPP "},
	{"water", " WATER W "},
	{"fat", " FAT F "},
	{"field map", " B0 B0_MAP FIELD_MAP "},
	{"trace", " TRACEW TRACE "},
	{"ADC", " ADC "},
	{"FA", " FA "},
}

// component reads what part of the signal is shown.
func (a attributes) component(t *Traits) {
	types := a.holder(tagFrameTypes, tagFrameType).texts(tagFrameType)
	if len(types) == 0 {
		types = a.root.texts(tagImageType)
	}
	if len(types) > 2 {
		t.word(ImageType, strings.Join(types[2:], `\`), "")
		types = types[2:]
	} else {
		types = nil
	}
	if a.root.kindOf() != "MR" {
		return
	}
	if v, ok := a.root.integer(a.root.private(0x0043, "GEMS_PARM_01", 0x2f)); ok && v < 4 {
		types = append(types, [...]string{"M", "P", "R", "I"}[v])
	}
	if c := a.holder(tagFrameTypes, tagComplex).text(tagComplex); c != "" && c != "MIXED" {
		types = append(types, c)
	}
	for i := len(types) - 1; i >= 0; i-- { // the last word is the most particular
		word := " " + strings.ReplaceAll(strings.ToUpper(types[i]), " ", "_") + " "
		for rank, c := range components {
			if strings.Contains(c.words, word) && (!t[Component].Known || rank > int(t[Component].Number)) {
				t[Component] = Trait{Known: true, Number: float64(rank), Text: c.name}
			}
		}
	}
}

// diffusion reads b-value and direction, from where the standard and the
// makers have them.
func (a attributes) diffusion(t *Traits) {
	d, root := a.group(tagDiffusion), a.root
	t.number(BValue, d, tagBValue)
	t.number(BValue, root, tagBValue)
	t.number(BValue, root, root.private(0x0019, "SIEMENS MR HEADER", 0x0c))
	t.number(BValue, root, root.private(0x2001, "Philips Imaging DD 001", 0x03))
	if v := root.decimals(root.private(0x0043, "GEMS_PARM_01", 0x39)); !t[BValue].Known && len(v) > 0 && v[0] >= 0 {
		t[BValue] = Trait{Known: true, Number: math.Mod(v[0], 100_000)} // 10⁹ may be added
	}
	if !t[BValue].Known || t[BValue].Number == 0 {
		return
	}
	if strings.EqualFold(d.text(tagDirectionality), "ISOTROPIC") {
		t[Direction] = Trait{Known: true, Text: "isotropic"}
		return
	}
	vector := d.first(tagGradient).decimals(tagOrientationOf)
	for _, v := range [][]float64{
		root.decimals(tagOrientationOf),
		root.decimals(root.private(0x0019, "SIEMENS MR HEADER", 0x0e)),
		root.three(0x2005, "Philips MR Imaging DD 001", 0xb0),
		root.three(0x0019, "GEMS_ACQU_01", 0xbb),
	} {
		if len(vector) != 3 {
			vector = v
		}
	}
	if len(vector) == 3 {
		t[Direction] = Trait{Known: true, Number: hash(fmt.Sprintf("%.3f %.3f %.3f", vector[0], vector[1], vector[2]))}
	}
}

// three are the first numbers of three private elements behind each other.
func (d *dataset) three(group uint16, maker string, element byte) []float64 {
	var out []float64
	for i := range byte(3) {
		if v := d.decimals(d.private(group, maker, element+i)); len(v) > 0 {
			out = append(out, v[0])
		}
	}
	return out
}
