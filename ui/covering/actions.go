package covering

import (
	"fyne.io/fyne/v2"

	"picasso/ui/control"
	"picasso/ui/keys"
)

// Title is that of the action that begins and ends covering.
const Title = "Cover by hand"

// menu is the menu of covering.
const menu = "Regions"

// Actions are what can be done by key or menu. Those of the brush hold while it is on.
func (p *Pane) Actions() []keys.Action {
	list := []keys.Action{
		{Title: Title, Keys: []keys.Stroke{keys.Char('c'), keys.Ctrl(fyne.KeyU)}, Run: p.Toggle, Line: true},
		{Title: "Wider covering brush", Keys: []keys.Stroke{keys.Char(']')}, When: p.On, Run: func() { p.scale(1.25) }},
		{Title: "Narrower covering brush", Keys: []keys.Stroke{keys.Char('[')}, When: p.On, Run: func() { p.scale(0.8) }},
		{Title: "Soft or hard covering brush", Keys: []keys.Stroke{keys.Char('j')}, When: p.On, Run: func() { p.k.SetSoft(!p.k.Brush().Soft) }},
		{Title: "Cover or uncover with the brush", Keys: []keys.Stroke{keys.Char('z')}, When: p.On, Run: func() { p.k.SetErase(!p.k.Brush().Erase) }},
		{Title: "Keep only this", Keys: []keys.Stroke{keys.Char('q')}, When: p.On, Run: p.k.KeepOnly},
		{Title: "Uncover all", Keys: []keys.Stroke{keys.Named(fyne.KeyDelete), keys.Named(fyne.KeyBackspace)}, When: p.On, Run: p.k.UncoverAll},
		{Title: "Use the covered picture", Keys: []keys.Stroke{keys.Named(fyne.KeyReturn), keys.Named(fyne.KeyEnter)}, When: p.On, Run: p.k.Use},
		{Title: "Use the whole picture", When: func() bool { return p.c.Altered() != nil }, Run: p.k.UseWhole},
		{Title: "Save the strokes as GIF…", When: p.On, Run: p.saveFilm},
	}
	for i := range list {
		list[i].Menu = menu
		if i > 0 {
			list[i].Where = string(control.Explain)
		}
	}
	return list
}

// On reports whether the picture is being covered.
func (p *Pane) On() bool { return p.k.On() }

// Toggle begins or ends covering.
func (p *Pane) Toggle() {
	if p.On() {
		p.k.Open(false)
		return
	}
	if p.k.Shown().Look == nil {
		p.host.Hint("There is nothing to cover yet: open a model and a picture first.")
		return
	}
	p.c.SetWorkspace(control.Explain)
	p.c.CloseMontage()
	p.c.ClosePlanes()
	p.c.ClearProbe()
	p.k.Open(true)
	p.host.Hint("Paint over the picture. [ and ] change the brush, the right button uncovers.")
}

// Leave ends covering; false where it is not on.
func (p *Pane) Leave() bool {
	on := p.On()
	p.k.Open(false)
	return on
}

// scale makes the brush wider or narrower.
func (p *Pane) scale(by float64) {
	p.k.ScaleBrush(by)
	p.host.Hint("The brush is " + pixels(p.k.Brush().Width) + " wide on the screen.")
}
