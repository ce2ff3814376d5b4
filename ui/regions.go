package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"
	"picasso/ui/keys"

	"picasso/ui/explain"
	"picasso/ui/viewer"
	"picasso/ui/widgets"
)

// regionMenu is the menu of regions that are drawn on pictures.
const regionMenu = "Regions"

// Titles of the tools for regions.
const (
	regionBoxTitle      = "Draw a rectangle"
	regionEllipseTitle  = "Draw an ellipse"
	regionPolygonTitle  = "Draw a polygon"
	regionFreehandTitle = "Draw by hand"
	regionBrushTitle    = "Paint with a brush"
)

// regionActions draw, name, read and write regions.
func (w *Window) regionActions() []keys.Action {
	draw := func(t viewer.Tool, words string) func() {
		return func() {
			w.setTool(t)
			w.hint(words + " Alt takes away. Maps are compared with the regions in Trust.")
		}
	}
	some := func() bool { return w.c.Regions() != nil }
	here := func() bool { return w.c.State().Look != nil }
	list := []keys.Action{
		{Menu: regionMenu, Title: regionBoxTitle, Run: draw(viewer.RegionBoxTool, "Drag from corner to corner.")},
		{Menu: regionMenu, Title: regionEllipseTitle, Run: draw(viewer.RegionEllipseTool, "Drag from corner to corner of the rectangle around it.")},
		{Menu: regionMenu, Title: regionPolygonTitle, Run: draw(viewer.PolygonTool, "Click from corner to corner; a double click, or a click on the first corner, closes the polygon.")},
		{Menu: regionMenu, Title: regionFreehandTitle, Run: draw(viewer.FreehandTool, "Drag along the outline.")},
		{Menu: regionMenu, Title: regionBrushTitle, Run: draw(viewer.BrushTool, "Drag over what belongs to it.")},
		{Menu: regionMenu, Title: "Add or take away", Run: w.toggleErase},
		{Menu: regionMenu, Title: "Wider brush", Run: func() { w.explain.Picture.ScaleBrush(1.25) }},
		{Menu: regionMenu, Title: "Narrower brush", Run: func() { w.explain.Picture.ScaleBrush(0.8) }},
		{Menu: regionMenu, Title: "Stop drawing regions", Run: func() { w.setTool(viewer.UsualTool) }},
		{Menu: regionMenu, Title: "Name of the next region…", Run: w.nameRegion, Line: true},
		{Menu: regionMenu, Title: "Remove all regions here", When: some, Run: w.c.RemoveRegions},
		{Menu: regionMenu, Title: "Open regions…", When: here, Run: func() { w.asker.Ask(explain.RegionQuestion(), w.c.OpenRegion) }, Line: true},
		{Menu: regionMenu, Title: "Save regions…", When: some, Run: w.saveRegions},
	}
	for i := range list {
		list[i].Seen = inExplain
	}
	return list
}

// toggleErase changes between adding to regions and taking away.
func (w *Window) toggleErase() {
	if w.explain.Picture.ToggleErase() {
		w.hint("Drawing takes away from the regions now.")
		return
	}
	w.hint("Drawing adds to the regions now.")
}

// nameRegion asks what is drawn from now on.
func (w *Window) nameRegion() {
	entry := widgets.NewEntry(func() { w.panel.Hide() })
	entry.OnSubmitted = func(string) { w.press() }
	entry.SetText(w.c.RegionName())
	item := widget.NewFormItem("Name", entry)
	item.HintText = "what is drawn next belongs to the region of this name"
	w.over(dialog.NewForm("Name of the next region", "Use", "Cancel", []*widget.FormItem{item}, func(ok bool) {
		if ok {
			w.c.NameRegion(entry.Text)
		}
	}, w.win))
}

// saveRegions asks where the regions go; the ending says how they are written.
func (w *Window) saveRegions() {
	w.asker.Ask(widgets.Question{
		Title: "Save regions as PNG, NPY, JSON (COCO), TXT (YOLO) or NII (NIfTI)", Kind: "Regions",
		Extensions: []string{"png", "npy", "json", "txt", "nii"}, Save: "regions.png",
	}, w.c.SaveRegions)
}

// writeNote asks what is to be remembered about the picture, with the session.
func (w *Window) writeNote() {
	entry := widget.NewMultiLineEntry()
	entry.SetText(w.c.Note())
	entry.Wrapping = fyne.TextWrapWord
	entry.SetMinRowsVisible(6)
	item := widget.NewFormItem("Note", entry)
	item.HintText = "kept with the session, and nowhere else"
	d := dialog.NewForm("Note about this picture", "Keep", "Cancel", []*widget.FormItem{item}, func(ok bool) {
		if ok {
			w.c.SetNote(entry.Text)
		}
	}, w.win)
	d.Resize(fyne.NewSize(520, 0))
	w.over(d)
}
