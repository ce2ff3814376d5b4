package viewer

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

func classes(n int) []Item {
	items := make([]Item, n)
	for i := range items {
		items[i] = Item{Index: n - i, Name: fmt.Sprintf("class %d", n-i), Share: 1 / float64(i+1), Text: "0.50"}
	}
	return items
}

func list(t *testing.T, n int) (*Bars, fyne.Window) {
	t.Helper()
	test.NewTempApp(t)
	b := NewBars()
	w := test.NewTempWindow(t, b)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(240, 300))
	b.SetItems(classes(n))
	return b, w
}

// row is the middle of line i of a list without a filter.
func row(b *Bars, i int) fyne.Position {
	height := newBarRow(b).MinSize().Height
	return fyne.NewPos(100, (height+4)*float32(i)+height/2)
}

func TestClicksSelectAndContrast(t *testing.T) {
	b, w := list(t, 6)
	var selected, contrasted []int
	b.OnSelect = func(i int) { selected = append(selected, i) }
	b.OnContrast = func(i int) { contrasted = append(contrasted, i) }
	test.TapCanvas(w.Canvas(), row(b, 1))
	test.TapSecondary(rowOf(t, w, 4))
	shifted := rowOf(t, w, 3)
	shifted.MouseDown(&desktop.MouseEvent{Modifier: fyne.KeyModifierShift})
	test.Tap(shifted)
	shifted.MouseDown(&desktop.MouseEvent{})
	test.Tap(shifted)
	if fmt.Sprint(selected, contrasted) != "[5 3] [4 3]" {
		t.Errorf("selected %v, contrasted %v", selected, contrasted)
	}
}

// rowOf finds the row of a class.
func rowOf(t *testing.T, w fyne.Window, class int) *barRow {
	t.Helper()
	for _, o := range test.LaidOutObjects(w.Content()) {
		if r, ok := o.(*barRow); ok && r.item.Index == class {
			return r
		}
	}
	t.Fatalf("no row for class %d", class)
	return nil
}

func TestSelectedAndContrastAreHighlighted(t *testing.T) {
	b, w := list(t, 6)
	b.SetSelected(5, 4)
	if r := rowOf(t, w, 5); !r.selected || r.contrast {
		t.Errorf("row of class %d is not highlighted", r.item.Index)
	}
	if r := rowOf(t, w, 4); r.selected || !r.contrast {
		t.Errorf("row of class %d is not contrasted", r.item.Index)
	}
}

func TestLongListsMakeFewRowsAndFilter(t *testing.T) {
	b, w := list(t, 1000)
	rows := 0
	for _, o := range test.LaidOutObjects(w.Content()) {
		if _, ok := o.(*barRow); ok {
			rows++
		}
	}
	if rows == 0 || rows > 20 {
		t.Errorf("%d rows for 300 units", rows)
	}
	if !b.filter.Visible() {
		t.Fatal("no filter for 1000 classes")
	}
	test.Type(b.filter, "Class 99")
	if len(b.visible) != 11 { // 99 and 990…999
		t.Errorf("%d classes pass the filter", len(b.visible))
	}
	b.filter.SetText("42")
	if len(b.visible) == 0 || b.visible[0].Name == "" {
		t.Error("a number finds nothing")
	}
	b.filter.SetText("")
	if len(b.visible) != 1000 {
		t.Errorf("%d classes without a filter", len(b.visible))
	}
	b.filter.SetText("class 99")
	b.SetItems(classes(3)) // too few to filter: all are shown
	if len(b.visible) != 3 {
		t.Errorf("%d of 3 classes are shown", len(b.visible))
	}
}

func TestKeyboardSelects(t *testing.T) {
	b, w := list(t, 6)
	got := -1
	b.OnSelect = func(i int) { got = i }
	w.Canvas().Focus(b.list)
	b.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	b.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	if got != 5 {
		t.Errorf("selected %d, want 5", got)
	}
}

func TestBarsMarkup(t *testing.T) {
	b, w := list(t, 3)
	b.SetSelected(3, 2)
	test.AssertRendersToMarkup(t, "bars.xml", w.Canvas())
}
