package compare

import (
	"encoding/csv"
	"encoding/json"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"picasso/backend/score"
	"picasso/ui/control"
	"picasso/ui/control/comparison"
	"picasso/ui/keys"
	"picasso/ui/uitest"
	"picasso/ui/widgets"
)

// window is the host of the workspace, which remembers what it was asked for.
type window struct {
	*uitest.Host
	c     *control.Controller
	shown []string // maps, by method and class
}

func (w *window) Replacing(_ []string, save func()) { save() }
func (w *window) GoTo(name control.Workspace)       { w.c.SetWorkspace(name) }
func (w *window) SelectImage(p *control.Picture)    { w.c.Select(slices.Index(w.c.State().Images, p)) }
func (w *window) ShowMap(p *control.Panel, class int) {
	if class == score.NoClass {
		w.shown = append(w.shown, p.Info.ID+" as it is")
		return
	}
	w.shown = append(w.shown, p.Info.ID+" "+w.c.State().Model.ClassName(class))
}

// bench is the workspace on fakes.
type bench struct {
	*uitest.Desk
	*Workspace
	host *window
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{Desk: uitest.NewControl(t)}
	b.host = &window{Host: b.Host, c: b.C}
	b.Workspace = New(b.host, b.C)
	b.Host.Window.SetContent(container.NewHSplit(b.Middle(), b.Side()))
	b.Host.Window.Resize(fyne.NewSize(1280, 820))
	b.C.Listen(control.NewDraws(b.C, b.Draws()...))
	return b
}

// drawn reports whether the only method has drawn its maps.
func (b *bench) drawn() bool {
	s := b.m.Sheet()
	return s != nil && len(s.Rows) == 1 && s.Rows[0].Status == comparison.Ready && len(b.grid.rows) == 1 && b.grid.rows[0].cells[0].source != nil
}

func (b *bench) do(title string) {
	b.T.Helper()
	list := b.Actions()
	i := slices.IndexFunc(list, func(a keys.Action) bool { return a.Title == title })
	if i < 0 {
		b.T.Fatalf("no action %q", title)
	}
	list[i].Run()
}

// A map stands in the row of its method and the column of its class, with its scale; a
// click on it leads to its tab, and the scale can be that of each map.
func TestTheGridShowsMapsAndLeadsToTheirTabs(t *testing.T) {
	b := newBench(t)
	b.Explained()
	b.do("Compare methods and classes")
	b.m.Choose(b.m.Offered()[0], true)
	b.Q.Until(t, "the maps are drawn", b.drawn)
	row := b.grid.rows[0]
	if len(row.cells) != 2 || len(b.grid.headList) != 2 || b.grid.headList[0].words != b.C.State().Look.Ranked[0].Name {
		t.Fatalf("%d maps below %d classes", len(row.cells), len(b.grid.headList))
	}
	if !row.bar.Visible() || row.unit.Text == "" {
		t.Errorf("the scale of the method is not shown; its unit is %q", row.unit.Text)
	}
	b.do("One scale, or one for each map or row")
	b.Q.Until(t, "each map has its scale", func() bool { return row.cells[1].below != "" })
	if row.bar.Visible() {
		t.Error("the scale of the method is shown beside those of the maps")
	}
	row.cells[1].image.OnTapped(0, 0)
	if want := b.m.Offered()[0].Info.ID + " " + b.C.State().Look.Ranked[1].Name; !slices.Equal(b.host.shown, []string{want}) {
		t.Errorf("a click leads to %q, want %q", b.host.shown, want)
	}
}

// What is pointed at in one map is marked in all, and its value written on each.
func TestTheCrosshairIsLinked(t *testing.T) {
	b := newBench(t)
	b.Explained()
	b.do("Compare methods and classes")
	b.m.Choose(b.m.Offered()[0], true)
	b.Q.Until(t, "the maps are drawn", b.drawn)
	b.grid.rows[0].cells[0].image.OnHover(3, 4, true)
	if !strings.Contains(b.grid.readout.Text, "x 3  y 4") {
		t.Errorf("the read-out is %q", b.grid.readout.Text)
	}
	b.grid.rows[0].cells[0].image.OnHover(0, 0, false)
	if b.grid.readout.Text != b.C.State().Look.Name {
		t.Errorf("beside the picture the read-out is %q", b.grid.readout.Text)
	}
}

// The second model is asked for by its button; flickering shows its map in the place of
// the first one's, and dropping a model here means the second one.
func TestTwoModelsAreShownSideBySide(t *testing.T) {
	b := newBench(t)
	b.Explained()
	b.do("Compare two models")
	if !b.pair.choose.Visible() || b.pair.none.Text == "" {
		t.Fatal("nothing says how the second model comes")
	}
	b.host.Answer = b.Write("other.onnx")
	test.Tap(b.pair.choose)
	b.Q.Until(t, "both maps are drawn", func() bool { p := b.m.Pair(); return p != nil && p.Mapped && b.pair.overlays[0] != nil })
	a, other := b.pair.links.list[0], b.pair.links.list[1]
	first := a.source
	b.pair.Flicker(true)
	if a.source != other.source && &a.source.Values[0] != &other.source.Values[0] {
		t.Error("the key does not show the second model's map")
	}
	b.pair.Flicker(false)
	if &a.source.Values[0] != &first.Values[0] {
		t.Error("letting go does not bring the first model's map back")
	}
	if len(b.models.bars.list) != 2 || b.models.bars.list[0].a != b.models.bars.list[0].b {
		t.Errorf("bars %+v of a model against itself", b.models.bars.list)
	}
	if len(b.m.Rows()) != 0 || !b.pair.table.all.Visible() {
		t.Error("comparing all pictures is not offered")
	}
	test.Tap(b.pair.table.all)
	b.Q.Until(t, "the picture has its row", func() bool { return len(b.pair.table.rows) == 1 && !b.m.Comparing() })
	if !b.Takes([]string{b.Write("third.onnx")}) || b.m.Second().Name == "" {
		t.Error("a model that is dropped here is not the second one")
	}
	if b.Takes([]string{b.Picture("more.png", 10)}) {
		t.Error("a picture that is dropped here is taken for a model")
	}
}

// Saving asks for a place only where there is something to save.
func TestSavingNeedsAMap(t *testing.T) {
	b := newBench(t)
	b.C.SetWorkspace(control.Compare)
	b.do("Save this comparison…")
	if len(b.host.Asked) != 0 || b.C.State().Notice == nil {
		t.Fatal("a place is asked for nothing")
	}
	b.C.SetWorkspace(control.Explain)
	b.Explained()
	b.C.SetWorkspace(control.Compare)
	b.m.Choose(b.m.Offered()[0], true)
	b.Q.Until(t, "the maps are drawn", b.drawn)
	b.do("Save this comparison…")
	if !slices.ContainsFunc(b.host.Asked, func(q widgets.Question) bool { return strings.HasSuffix(q.Save, "-methods.png") }) {
		t.Errorf("asked %+v", b.host.Asked)
	}
}

// Ctrl+E here writes the sheet, the agreement of its methods and what describes both.
func TestTheKeyOfSavingWritesThreeFiles(t *testing.T) {
	b := newBench(t)
	b.Explained()
	b.do("Compare methods and classes")
	b.m.Choose(b.m.Offered()[0], true)
	b.Q.Until(t, "the maps are drawn", b.drawn)
	sheet := filepath.Join(t.TempDir(), "sheet.png")
	b.host.Answer = sheet
	a := keys.Find(b.Actions(), keys.Ctrl(fyne.KeyE), string(control.Compare), false)
	if a == nil {
		t.Fatal("Ctrl+E does nothing here")
	}
	a.Run()
	b.Q.Until(t, "the files are saved", func() bool {
		n := b.C.State().Notice
		return n != nil && strings.HasPrefix(n.Text, "Saved "+sheet)
	})
	files := comparison.SheetFiles(sheet)
	f, err := os.Open(files[0])
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if m, err := png.Decode(f); err != nil || m.Bounds().Empty() {
		t.Errorf("the sheet: %v", err)
	}
	table, err := os.Open(files[1])
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	if rows, err := csv.NewReader(table).ReadAll(); err != nil || len(rows) == 0 {
		t.Errorf("the table has %d rows: %v", len(rows), err)
	}
	var about struct {
		Sheet struct {
			File    string
			Classes []struct{ Name string }
		}
	}
	data, err := os.ReadFile(files[2])
	if err == nil {
		err = json.Unmarshal(data, &about)
	}
	if err != nil || len(about.Sheet.Classes) != 2 {
		t.Errorf("%v: %s", err, data)
	}
}
