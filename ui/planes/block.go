package planes

import (
	"picasso/backend/preprocess"
	"picasso/ui/control/crosshair"
	"picasso/ui/words"
)

// part is what the model got of the volume that is shown; false where it got all of it, or
// none is known.
func (p *Pane) part(v *crosshair.View) (preprocess.Block, bool) {
	k := p.c.State().Look
	if k == nil || k.Block == nil || k.Block.Everything() || !k.Block.Shared && k.Slice != v.Slice() {
		return preprocess.Block{}, false
	}
	return *k.Block, true
}

// outline are the corners of that part on a plane, in its pixels; nil where the plane does
// not go through it.
func (p *Pane) outline(v *crosshair.View, one *pane) [][2]float64 {
	b, ok := p.part(v)
	if !ok || one.cut == nil {
		return nil
	}
	stack, all := v.Voxels.Stack, b.Corners()
	across := stack.Across(one.plane)
	at := v.At
	at[one.plane] = one.cut.MM
	if place := stack.Voxel(stack.In(at))[across]; place < all[0][across] || place > all[7][across] {
		return nil
	}
	first, second := 4>>((across+1)%3), 4>>((across+2)%3)
	var out [][2]float64
	for _, i := range []int{0, first, first | second, second} {
		x, y := one.cut.Picture.Scan.Geometry.Pixel(stack.Point(all[i]))
		out = append(out, [2]float64{x + 0.5, y + 0.5})
	}
	return out
}

// partWords say which part of the volume the model got.
func (p *Pane) partWords() string {
	if k := p.c.State().Look; k != nil && k.Block != nil {
		return words.Sentence(k.Part(p.c).String()) + " "
	}
	return ""
}
