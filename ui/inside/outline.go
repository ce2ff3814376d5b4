package inside

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/infer"
	"picasso/backend/visible"
	"picasso/ui/control/insight"
	"picasso/ui/widgets"
	"picasso/ui/words"
	"picasso/visualizers"
	"picasso/visualizers/spelling"
)

// marked is what the selection of the list was made for.
type marked struct {
	graph *insight.Graph
	layer string
	lines int
}

// outlinePane lists the network in rows. Only the lines on the screen have widgets.
type outlinePane struct {
	host  Host
	in    *insight.Controller
	box   fyne.CanvasObject
	title *widget.Label
	find  *widgets.Filter
	list  *widget.List
	about *widget.Label // all that there is to say of the layer that is looked at
	use   *widget.Button
	note  *widget.Label
	shown marked
	quiet bool // the selection follows the state
}

func newOutline(h Host, in *insight.Controller, use func()) *outlinePane {
	p := &outlinePane{host: h, in: in, title: widgets.Heading("LAYERS"), note: widget.NewLabel(""), about: widgets.Faint("")}
	p.note.Wrapping, p.about.Wrapping = fyne.TextWrapWord, fyne.TextWrapWord
	p.find = widgets.NewFilter(h, "Shows only rows with this text in the names of tensors, nodes, operators or blocks", in.Narrow)
	p.find.SetPlaceHolder("Find a layer")
	p.list = widget.NewList(func() int { return len(p.in.State().Lines) }, func() fyne.CanvasObject { return newLineView(p) }, func(i widget.ListItemID, o fyne.CanvasObject) {
		if lines := p.in.State().Lines; i < len(lines) {
			o.(*lineView).draw(lines[i])
		}
	})
	p.list.HideSeparators = true
	p.list.OnSelected = func(i widget.ListItemID) {
		if !p.quiet {
			p.choose(i)
		}
	}
	p.use = widget.NewButton("Use for class activation maps", func() { use(); h.Unfocus() })
	p.box = container.NewBorder(container.NewVBox(p.title, p.find, p.note), container.NewVBox(p.about, p.use), nil, nil, p.list)
	return p
}

func (p *outlinePane) focus() { p.host.Canvas().Focus(p.find) }

// choose looks at the layer of a line.
func (p *outlinePane) choose(i int) {
	s := p.in.State()
	if i >= len(s.Lines) || s.Lines[i].Row < 0 {
		return
	}
	p.in.Choose(tensorOf(s.Graph, s.Lines[i]))
	p.host.Unfocus()
}

// tensorOf is the tensor that a line gives.
func tensorOf(g *insight.Graph, l insight.Line) string {
	row := g.Rows[l.Row]
	if l.Node >= 0 {
		return row.Nodes[l.Node].Output(0)
	}
	return row.Name
}

func (p *outlinePane) show() {
	s := p.in.State()
	p.title.SetText("LAYERS")
	note := ""
	switch {
	case s.GraphErr != nil:
		note = words.Sentence(s.GraphErr.Error())
	case s.Graph == nil:
		note = "Open a model, and its layers are listed here."
	case len(s.Lines) == 0 && s.Find != "":
		note = "No layer has “" + s.Find + "” in its name, its operators or its block."
	default:
		p.title.SetText(fmt.Sprintf("%s LAYERS, %s NODES", visualizers.Grouped(len(s.Graph.Rows)), visualizers.Grouped(s.Graph.Nodes)))
		if s.Means.Err != nil {
			note = "The mean activations are not known: " + s.Means.Err.Error()
		}
	}
	p.note.SetText(note)
	widgets.Visible(p.note, note != "")
	about := p.ofLayer(s)
	p.about.SetText(about)
	widgets.Visible(p.about, about != "")
	_, usable := layerOf(s)
	if usable {
		p.use.Enable()
	} else {
		p.use.Disable()
	}
	p.list.Refresh()
	p.mark(s)
}

// ofLayer is the name of the layer that is looked at and what there is to say of it, of
// which a narrow row has no room for all.
func (p *outlinePane) ofLayer(s *insight.State) string {
	if s.Graph == nil {
		return ""
	}
	at := slices.IndexFunc(s.Graph.Rows, func(r insight.Row) bool { return r.Name == s.Layer })
	if at < 0 {
		return ""
	}
	return visible.Text(s.Layer) + "\n" + strings.Join(p.details(s, at, s.Graph.Rows[at]), " · ")
}

// layerOf is the layer that is looked at, where it is a map.
func layerOf(s *insight.State) (visualizers.Layer, bool) {
	if s.Graph == nil {
		return visualizers.Layer{}, false
	}
	return s.Graph.Layer(s.Layer)
}

// mark marks the line of the layer, and brings it into sight when another one
// was chosen.
func (p *outlinePane) mark(s *insight.State) {
	now := marked{s.Graph, s.Layer, len(s.Lines)}
	if now == p.shown {
		return // the user may have scrolled since
	}
	p.shown = now
	at := slices.IndexFunc(s.Lines, func(l insight.Line) bool {
		return l.Row >= 0 && l.Node < 0 && s.Graph.Rows[l.Row].Name == s.Layer
	})
	if inner := slices.IndexFunc(s.Lines, func(l insight.Line) bool { return l.Node >= 0 && tensorOf(s.Graph, l) == s.Layer }); inner >= 0 && at < 0 {
		at = inner
	}
	p.quiet = true
	defer func() { p.quiet = false }()
	if at < 0 {
		p.list.UnselectAll()
		return
	}
	p.list.Select(at)
}

// lineView is a line of the list.
type lineView struct {
	widget.BaseWidget
	pane    *outlinePane
	row     int
	open    *widget.Button
	name    *widget.Label
	details *widgets.Line
}

func newLineView(p *outlinePane) *lineView {
	v := &lineView{pane: p, name: widget.NewLabel(""), details: widgets.NewLine()}
	v.name.Truncation = fyne.TextTruncateEllipsis
	v.details.SizeName, v.details.Importance = theme.SizeNameCaptionText, widget.LowImportance
	v.open = widget.NewButtonWithIcon("", theme.MenuExpandIcon(), func() { p.in.Expand(v.row); p.host.Unfocus() })
	v.open.Importance = widget.LowImportance
	v.ExtendBaseWidget(v)
	return v
}

// CreateRenderer implements fyne.Widget.
func (v *lineView) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewBorder(nil, nil, widgets.AtLeast(28, 0, container.NewVBox(v.open)), nil, widgets.Tight(v.name, v.details)))
}

func (v *lineView) draw(l insight.Line) {
	s := v.pane.in.State()
	v.row = l.Row
	widgets.Visible(v.open, l.Row >= 0 && l.Node < 0)
	v.name.TextStyle.Bold = l.Row < 0
	v.name.Importance = widget.MediumImportance
	var details []string
	switch {
	case l.Row < 0:
		v.name.Text, details = visible.Text("block "+l.Block), []string{""}
		if l.Block == "" {
			v.name.Text = "outside of blocks"
		}
	case l.Node >= 0:
		n := s.Graph.Rows[l.Row].Nodes[l.Node]
		v.name.Text, details = visible.Text("    "+n.OpType+"  "+n.Name), []string{visible.Text("    " + insight.Attributes(n))}
	default:
		r := s.Graph.Rows[l.Row]
		v.open.Icon = theme.MenuExpandIcon()
		if l.Open {
			v.open.Icon = theme.MenuDropDownIcon()
		}
		v.open.Refresh()
		v.name.Text, details = visible.Text(strings.Join(r.Operators, " + ")), widgets.Dropping(v.pane.details(s, l.Row, r), " · ")
		if _, maps := s.Graph.Layer(r.Name); !maps {
			v.name.Importance = widget.LowImportance
		}
	}
	v.name.Refresh()
	v.details.Say(details...)
	v.details.Refresh()
}

// details are what there is to say of a row, the most telling first.
func (p *outlinePane) details(s *insight.State, i int, r insight.Row) []string {
	parts := []string{"size unknown"}
	if r.Shape != nil {
		parts[0] = infer.Dimensions(r.Size())
	}
	if m := s.Means; i < len(m.Rows) && !math.IsNaN(m.Rows[i]) && m.Err == nil {
		text := "mean " + spelling.Number(m.Rows[i])
		if !p.in.Shows(m.Of) {
			text += " (picture before)"
		}
		parts = append(parts, text)
	}
	sees := []int{r.FieldHeight, r.FieldWidth}
	if r.FieldDepth > 0 {
		sees = append([]int{r.FieldDepth}, sees...)
	}
	parts = append(parts, "sees "+infer.Dimensions(sees))
	if r.Parameters > 0 {
		parts = append(parts, amount(float64(r.Parameters))+" weights")
	}
	if r.MultiplyAdds > 0 {
		parts = append(parts, amount(r.MultiplyAdds)+" multiply-adds")
	}
	if n := len(r.Nodes); r.Differentiable < n {
		parts = append(parts, fmt.Sprintf("gradient through %d of %s", r.Differentiable, words.Count(n, "node", "nodes")))
	}
	return parts
}

// amount writes a count in thousands, millions or billions.
func amount(n float64) string {
	switch {
	case n < 1e3:
		return fmt.Sprintf("%.0f", n)
	case n < 1e6:
		return spelling.Number(n/1e3) + "k"
	case n < 1e9:
		return spelling.Number(n/1e6) + "M"
	}
	return spelling.Number(n/1e9) + "G"
}
