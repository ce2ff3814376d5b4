package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
)

// tabBar chooses a visualizer. Its tabs have no content: all visualizers share
// one picture, so that zoom and position stay when the method changes.
type tabBar struct {
	w    *Window
	box  fyne.CanvasObject
	bar  *container.AppTabs
	mute bool // the bar is being set, not used
}

func newTabBar(w *Window) *tabBar {
	t := &tabBar{w: w, bar: container.NewAppTabs()}
	for _, p := range w.c.State().Panels {
		t.bar.Append(container.NewTabItem(p.Info.Title, canvas.NewRectangle(color.Transparent)))
	}
	t.bar.OnSelected = func(*container.TabItem) {
		if !t.mute {
			w.selectTab(t.bar.SelectedIndex())
		}
	}
	t.box = t.bar
	return t
}

func (t *tabBar) show() {
	t.mute = true
	defer func() { t.mute = false }()
	t.bar.SelectIndex(t.w.c.State().Tab)
}
