package ui

import (
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

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
func (w *Window) regionActions() []action {
	draw := func(t viewer.Tool, words string) func() {
		return func() {
			w.setTool(t)
			w.hint(words + " Alt takes away. Maps are compared with the regions in Trust.")
		}
	}
	some := func() bool { return w.c.Regions() != nil }
	here := func() bool { return w.c.State().Look != nil }
	return []action{
		{menu: regionMenu, title: regionBoxTitle, run: draw(viewer.RegionBoxTool, "Drag from corner to corner.")},
		{menu: regionMenu, title: regionEllipseTitle, run: draw(viewer.RegionEllipseTool, "Drag from corner to corner of the rectangle around it.")},
		{menu: regionMenu, title: regionPolygonTitle, run: draw(viewer.PolygonTool, "Click from corner to corner; a double click, or a click on the first corner, closes the polygon.")},
		{menu: regionMenu, title: regionFreehandTitle, run: draw(viewer.FreehandTool, "Drag along the outline.")},
		{menu: regionMenu, title: regionBrushTitle, run: draw(viewer.BrushTool, "Drag over what belongs to it.")},
		{menu: regionMenu, title: "Add or take away", run: w.toggleErase},
		{menu: regionMenu, title: "Wider brush", run: func() { w.explain.Picture.ScaleBrush(1.25) }},
		{menu: regionMenu, title: "Narrower brush", run: func() { w.explain.Picture.ScaleBrush(0.8) }},
		{menu: regionMenu, title: "Stop drawing regions", run: func() { w.setTool(viewer.UsualTool) }},
		{menu: regionMenu, title: "Name of the next region…", run: w.nameRegion, line: true},
		{menu: regionMenu, title: "Remove all regions here", when: some, run: w.c.RemoveRegions},
		{menu: regionMenu, title: "Open regions…", when: here, run: func() { w.ask(explain.RegionQuestion(), w.c.OpenRegion) }, line: true},
		{menu: regionMenu, title: "Save regions…", when: some, run: w.saveRegions},
	}
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
	w.ask(widgets.Question{
		Title: "Save regions as PNG, NPY, JSON (COCO), TXT (YOLO) or NII (NIfTI)", Kind: "Regions",
		Extensions: []string{"png", "npy", "json", "txt", "nii"}, Save: "regions.png",
	}, w.c.SaveRegions)
}
