package widgets

// Drawn remembers which widgets of a list show which entries. Lists use their
// widgets again and again; with this, one entry is drawn anew without the whole
// list. The zero value is empty.
type Drawn[W, K comparable] struct{ list []shown[W, K] }

type shown[W, K comparable] struct {
	widget W
	key    K
}

// mostDrawn is more than a screen holds; widgets that a list has given up are
// forgotten.
const mostDrawn = 160

// Put says that a widget shows an entry from now on.
func (d *Drawn[W, K]) Put(w W, key K) {
	for i := range d.list {
		if d.list[i].widget == w {
			d.list[i].key = key
			return
		}
	}
	d.list = append(d.list, shown[W, K]{w, key})
	if n := len(d.list); n > mostDrawn {
		d.list = append(d.list[:0], d.list[n-mostDrawn:]...)
	}
}

// Each goes through all widgets with the entries they show.
func (d *Drawn[W, K]) Each(do func(w W, key K)) {
	for _, s := range d.list {
		do(s.widget, s.key)
	}
}

// Of are the widgets that show an entry, or did so last before they went out of
// sight.
func (d *Drawn[W, K]) Of(key K) []W {
	var out []W
	for _, s := range d.list {
		if s.key == key {
			out = append(out, s.widget)
		}
	}
	return out
}
