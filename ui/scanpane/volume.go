package scanpane

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/picture"
	"picasso/backend/preprocess"
	"picasso/ui/control"
	"picasso/ui/report"
	"picasso/ui/widgets"
)

// choosers pick the volume of a scan that has several and, of PET, the unit; and of a
// volume the part that the model gets.
type choosers struct {
	volume *widgets.Select
	unit   *widgets.Select
	title  *widget.Label
	row    *fyne.Container // with both, below the picture
	block  *widgets.Select
	gets   *fyne.Container // with the block
	part   *widget.Label   // which one it is
}

func newChoosers(p *Pane) choosers {
	h := choosers{}
	h.volume = widgets.NewSelect(nil, func(string) {
		p.set(func() { p.c.SelectVolume(h.volume.SelectedIndex()) })
	})
	h.unit = widgets.NewSelect(nil, func(string) {
		p.set(func() { p.c.SetUptake(h.unit.SelectedIndex() == 1) })
	})
	h.title = widgets.Faint("")
	h.row = container.NewBorder(nil, nil, widgets.AtLeast(92, 0, h.title), widgets.Narrow(130, h.unit), widgets.Narrow(120, h.volume))
	h.block = widgets.NewSelect(blockTitles(), func(string) {
		p.set(func() {
			if err := p.c.ChooseBlock(preprocess.Blocks()[h.block.SelectedIndex()]); err != nil {
				p.c.Tell("choose the part of the volume", err)
			}
		})
	})
	h.part = widgets.Faint("")
	h.part.Truncation = fyne.TextTruncateEllipsis
	h.gets = container.NewBorder(nil, nil, widgets.AtLeast(92, 0, widgets.Faint("Model gets")), nil,
		container.NewGridWithColumns(2, h.block, h.part))
	return h
}

// blockTitles name the parts of [preprocess.Blocks], in their order.
func blockTitles() []string {
	titles := map[string]string{
		preprocess.SliceBlock: "Block around the slice shown", preprocess.CenterBlock: "Block in the middle",
		preprocess.WholeBlock: "Whole volume, resampled", preprocess.SlideBlock: "Sliding block over all",
	}
	var out []string
	for _, block := range preprocess.Blocks() {
		out = append(out, titles[block])
	}
	return out
}

// showBlock names the part of a volume that the model gets, while the pane is mute.
func (h choosers) showBlock(c *control.Controller) {
	p, k := c.State().Selected(), c.State().Look
	on := c.Blocks() && p != nil && p.Slices() > 1
	widgets.Visible(h.gets, on)
	widgets.Visible(h.block, on)
	if !on {
		return
	}
	h.block.ClearSelected()
	h.block.PlaceHolder = "As the preparation says"
	if i := slices.Index(preprocess.Blocks(), c.Block()); i >= 0 {
		h.block.SetSelectedIndex(i)
	}
	text := ""
	if k != nil && k.Block != nil {
		text = places(k.Part(c))
	}
	h.part.SetText(text)
}

// places are the slices, rows and columns of a part, in few words.
func places(b report.Block) string {
	if b.Whole() && b.Padding == 0 {
		return "all voxels"
	}
	text := fmt.Sprintf("slices %d–%d, rows %d–%d, columns %d–%d", b.From[0]+1, b.To[0]+1, b.From[1]+1, b.To[1]+1, b.From[2]+1, b.To[2]+1)
	if b.Padding > 0 {
		text += fmt.Sprintf(", %.0f %% padding", max(1, 100*float64(b.Padding)))
	}
	return text
}

// show lists what there is to choose for the current picture, while the pane is
// mute.
func (h choosers) show(c *control.Controller) {
	s := c.State()
	p := s.Selected()
	h.showBlock(c)
	all, uptake := p.Volumes(), c.HasUptake()
	several := len(all) > 1
	widgets.Visible(h.row, several || uptake)
	widgets.Visible(h.volume, several)
	widgets.Visible(h.unit, uptake)
	h.title.SetText(map[bool]string{true: "Volume", false: "Values"}[several])
	if several {
		h.volume.Options = volumeNames(all)
		h.volume.SetSelectedIndex(p.Volume)
	}
	if !uptake {
		return
	}
	if !p.Uptake {
		h.unit.Options = []string{unitName(s.Look.Image.Unit), "SUV by weight"}
	}
	h.unit.SetSelectedIndex(map[bool]int{false: 0, true: 1}[p.Uptake])
}

// unitName is the unit of the file's values for a choice.
func unitName(unit string) string {
	if unit == "" {
		return "values of the file"
	}
	return unit
}

// volumeNames number the volumes, so that no two are called the same.
func volumeNames(all []picture.Volume) []string {
	out := make([]string, len(all))
	for i, v := range all {
		out[i] = fmt.Sprintf("%d / %d", i+1, len(all))
		if v.Name != "" && !strings.HasPrefix(v.Name, "volume ") {
			out[i] += "  " + v.Name
		}
	}
	return out
}
