package imagelist

import (
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control"
	"picasso/ui/widgets"
	"picasso/ui/words"
)

// unusable is the line above the list of pictures about those that cannot be
// used; it is not there while all can.
type unusable struct {
	c   *control.Controller
	box *widget.Button
}

func newUnusable(c *control.Controller, list func()) *unusable {
	u := &unusable{c: c, box: widget.NewButton("", list)}
	u.box.Importance = widget.WarningImportance
	u.box.Hide()
	return u
}

// show counts.
func (u *unusable) show() {
	n := len(u.c.Unusable())
	if text := words.Count(n, "picture cannot be used", "pictures cannot be used") + "…"; u.box.Text != text {
		u.box.SetText(text)
	}
	widgets.Visible(u.box, n > 0)
}
