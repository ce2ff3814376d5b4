package explain

import (
	"cmp"
	"slices"
	"strings"

	"fyne.io/fyne/v2/widget"

	"picasso/ui/control"
	"picasso/ui/widgets"
)

// Orders of the results table.
const (
	byList       = "as in the list"
	byName       = "by name"
	byClass      = "by class"
	byConfidence = "by score"
)

// tableOrder chooses which rows of the results table are shown, and in which
// order.
type tableOrder struct {
	by     *widget.Select
	filter *widgets.Entry
}

func newTableOrder(h Host, changed func()) *tableOrder {
	o := &tableOrder{filter: widgets.NewEntry(h.Unfocus)}
	o.by = widget.NewSelect([]string{byList, byName, byClass, byConfidence}, func(string) { changed(); h.Unfocus() })
	o.by.Selected = byList
	o.filter.SetPlaceHolder("Filter by name or class")
	o.filter.OnChanged = func(string) { changed() }
	o.filter.OnSubmitted = func(string) { h.Unfocus() }
	return o
}

// of are the rows to show, by their index. Rows that are not known yet come
// last and, except in the order of the list, keep their places among each other.
func (o *tableOrder) of(rows []*control.GridRow) []int {
	var list []int
	want := strings.ToLower(strings.TrimSpace(o.filter.Text))
	for i, row := range rows {
		if want == "" || strings.Contains(strings.ToLower(row.Picture.Name+"\n"+bestName(row)), want) {
			list = append(list, i)
		}
	}
	slices.SortStableFunc(list, func(a, b int) int { return o.compare(rows[a], rows[b]) })
	return list
}

func (o *tableOrder) compare(a, b *control.GridRow) int {
	switch o.by.Selected {
	case byName:
		return strings.Compare(strings.ToLower(a.Picture.Name), strings.ToLower(b.Picture.Name))
	case byClass:
		return cmp.Or(known(a, b), strings.Compare(bestName(a), bestName(b)), cmp.Compare(bestScore(b), bestScore(a)))
	case byConfidence:
		return cmp.Or(known(a, b), cmp.Compare(bestScore(b), bestScore(a)))
	}
	return 0
}

func known(a, b *control.GridRow) int {
	place := func(r *control.GridRow) int {
		if len(r.Classes) == 0 {
			return 1
		}
		return 0
	}
	return place(a) - place(b)
}

func bestName(r *control.GridRow) string {
	if len(r.Classes) == 0 {
		return ""
	}
	return r.Classes[0].Name
}

func bestScore(r *control.GridRow) float32 {
	if len(r.Classes) == 0 {
		return 0
	}
	return r.Classes[0].Probability
}
