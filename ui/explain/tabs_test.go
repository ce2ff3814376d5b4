package explain

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"picasso/ui/control"
	"picasso/ui/uitest"
	"picasso/visualizers"
	_ "picasso/visualizers/methods"
)

// allMethods is the bar of the program's own methods.
func allMethods(t *testing.T, width float32) (*tabBar, *control.Controller, *uitest.Host) {
	t.Helper()
	q := uitest.NewQueue()
	c := control.New(control.Params{Visualizers: visualizers.All(), Do: q.Do})
	t.Cleanup(c.Close)
	h := &uitest.Host{Window: test.NewTempApp(t).NewWindow(""), Queue: q}
	bar := newTabBar(h, c, c.SelectTab)
	c.Listen(control.NewDraws(c, bar.draws()...))
	bar.box.Resize(fyne.NewSize(width, bar.height(width)))
	return bar, c, h
}

// At 1024×700 the middle column is about 480 wide: every group shows all of its
// methods there, apart from each other and inside the bar.
func TestEveryMethodIsVisibleInASmallWindow(t *testing.T) {
	bar, c, _ := allMethods(t, 480)
	for _, g := range c.State().Groups() {
		c.SelectTab(g.Tabs[0])
		var last *tab
		for _, i := range g.Tabs {
			chip := bar.chips[i]
			end := chip.Position().Add(chip.Size())
			if !chip.Visible() || end.X > 480 || end.Y > bar.box.Size().Height {
				t.Errorf("%s of %s is cut off: %v…%v in %v", chip.name.Text, g.Family, chip.Position(), end, bar.box.Size())
			}
			if last != nil && chip.Position().Y == last.Position().Y && chip.Position().X < last.Position().X+last.Size().Width {
				t.Errorf("%s lies over %s", chip.name.Text, last.name.Text)
			}
			last = chip
		}
	}
	if n := len(c.State().Groups()); n != 5 || len(bar.heads.Objects) != n {
		t.Errorf("%d groups for %d families with methods", len(bar.heads.Objects), n)
	}
}

// What fails sanity checks carries its sign and says so under the pointer.
func TestDoubtfulMethodsAreMarked(t *testing.T) {
	bar, c, h := allMethods(t, 800)
	marked := map[string]bool{}
	for i, p := range c.State().Panels {
		if bar.chips[i].sign.Visible() {
			marked[p.Info.ID] = true
			bar.chips[i].MouseIn(nil)
			if said := h.Hints[len(h.Hints)-1]; said != p.Info.Caution || said == "" {
				t.Errorf("%s says %q", p.Info.ID, said)
			}
		}
	}
	if len(marked) != 3 || !marked["guided-backprop"] || !marked["deconvnet"] || !marked["guided-grad-cam"] {
		t.Errorf("marked: %v", marked)
	}
}

// A group comes back with the method that was looked at last, also after a
// restart.
func TestTheLastMethodOfAGroupIsRemembered(t *testing.T) {
	bar, c, _ := allMethods(t, 800)
	head := func(title string) *tab {
		for _, o := range bar.heads.Objects {
			if o.(*tab).name.Text == title {
				return o.(*tab)
			}
		}
		t.Fatalf("no group %s", title)
		return nil
	}
	tap := func(id string) {
		for i, p := range c.State().Panels {
			if p.Info.ID == id {
				bar.chips[i].Tapped(nil)
			}
		}
	}
	test.Tap(head("Gradient"))
	tap("integrated-gradients")
	test.Tap(head("Layers"))
	tap("layer-cam")
	test.Tap(head("Gradient"))
	if id := c.State().Panel().Info.ID; id != "integrated-gradients" || !head("Gradient").selected || head("Layers").selected {
		t.Errorf("the group shows %s", id)
	}
	again := control.New(control.Params{Visualizers: visualizers.All(), Do: uitest.NewQueue().Do, Settings: c.Settings()})
	defer again.Close()
	for _, g := range again.State().Groups() {
		if id := again.State().Panels[again.TabIn(g)].Info.ID; g.Family == visualizers.Layers && id != "layer-cam" {
			t.Errorf("after a restart the group shows %s", id)
		}
	}
}
