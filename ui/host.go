package ui

import (
	"slices"

	"picasso/backend/metadata"
	"picasso/backend/score"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"

	"picasso/ui/asking"
	"picasso/ui/audit"
	"picasso/ui/compare"
	"picasso/ui/control"
	"picasso/ui/explain"
	"picasso/ui/imagelist"
	"picasso/ui/inside"
	"picasso/ui/modelcard"
	"picasso/ui/saving"
	"picasso/ui/viewer"
	"picasso/ui/widgets"
)

// host is the window as its panes see it: each declares what it needs of this.
type host struct{ w *Window }

var (
	_ explain.Host   = host{}
	_ audit.Host     = host{}
	_ modelcard.Host = host{}
	_ bannerHost     = host{}
	_ imagelist.Host = host{}
	_ inside.Host    = host{}
	_ compare.Host   = host{}
	_ asking.Host    = host{}
	_ saving.Host    = host{}
)

func (h host) Window() fyne.Window                           { return h.w.win }
func (h host) Chooser() asking.Chooser                       { return h.w.params.Chooser }
func (h host) Clipboard() saving.Clipboard                   { return h.w.params.Clipboard }
func (h host) Over(d dialog.Dialog)                          { h.w.over(d) }
func (h host) Close()                                        { h.w.panel.Hide() }
func (h host) Press()                                        { h.w.press() }
func (h host) Tell(doing string, err error)                  { h.w.c.Tell(doing, err) }
func (h host) Hint(text string)                              { h.w.hint(text) }
func (h host) Unfocus()                                      { h.w.win.Canvas().Unfocus() }
func (h host) Canvas() fyne.Canvas                           { return h.w.win.Canvas() }
func (h host) TypedKey(e *fyne.KeyEvent)                     { h.w.typedKey(e) }
func (h host) TypedRune(r rune)                              { h.w.typedRune(r) }
func (h host) Held(name fyne.KeyName, down bool)             { h.w.held(name, down) }
func (h host) Ask(q widgets.Question, use func(path string)) { h.w.asker.Ask(q, use) }
func (h host) Replacing(files []string, do func())           { h.w.asker.Replacing(files, do) }
func (h host) ShowModel()                                    { h.w.showModel() }
func (h host) ChooseImages()                                 { h.w.chooseImages() }
func (h host) ShowPreparation()                              { h.w.showPreparation() }
func (h host) AskInputs(need *metadata.InputsError)          { h.w.askInputs(need) }
func (h host) ShowMethod()                                   { h.w.showMethod() }
func (h host) ChooseModel()                                  { h.w.chooseModel() }
func (h host) ShowUnusable()                                 { h.w.showUnusable() }
func (h host) Show(path string)                              { h.w.show(path, false) }
func (h host) Inform(title string, content fyne.CanvasObject, size fyne.Size) {
	h.w.inform(title, content, size)
}

// Turn is how scans are turned and mirrored in the workspace Explain.
func (h host) Turn() viewer.Turn { return h.w.explain.Picture.Turned() }

func (h host) GoTo(name control.Workspace) { h.w.goTo(name) }

// ShowMap shows a method's map of a class in the workspace Explain; score.NoClass is the
// class that is explained there.
func (h host) ShowMap(p *control.Panel, class int) {
	if i := slices.Index(h.w.c.State().Panels, p); i >= 0 {
		h.w.explain.SelectTab(i)
		if class != score.NoClass {
			h.w.c.SetTarget(class, score.NoClass)
		}
		h.w.goTo(control.Explain)
	}
}

// SelectImage makes an entry of the list the current one.
func (h host) SelectImage(p *control.Picture) {
	c := h.w.c
	i := slices.Index(c.State().Images, p)
	if i < 0 {
		return
	}
	if i == c.State().Current && p.Err != nil {
		c.Tell("explain "+p.Name, p.Err)
	}
	c.Select(i)
}

// Do runs f on the window's goroutine, unless the window is closed by then.
func (h host) Do(f func()) {
	h.w.do(func() {
		if !h.w.closed {
			f()
		}
	})
}

// Editor opens the script behind a method; it is nil for a built-in one.
func (h host) Editor(p *control.Panel) func() {
	path := h.w.scripts.fileOf(p)
	if path == "" {
		return nil
	}
	return func() { h.w.show(path, false) }
}
