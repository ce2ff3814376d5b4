package scenes

import (
	"math"
	"math/rand/v2"
)

// tank is one vehicle: its make and its coat. Lengths are shares of the hull's
// length, x forward from the middle, y up from the ground.
type tank struct {
	c *canvas
	l *layout
	n noise

	wheels  int
	skirt   bool    // plates over the upper part of the tracks
	turret  float64 // where the turret sits
	gun     float64 // length of the gun
	lift    float64 // how much the gun points up
	lean    point   // from the near side to the far side, as seen
	coat    [3]rgb  // colours of the camouflage
	dust    rgb     // colour of the dirt low down
	blotch  float64 // size of the camouflage's patches
	painted float64 // how strong they are
}

// coats are the camouflage schemes, main colour first.
var coats = [][3]rgb{
	{{0.37, 0.40, 0.25}, {0.24, 0.28, 0.18}, {0.47, 0.44, 0.30}}, // olive
	{{0.33, 0.40, 0.27}, {0.33, 0.25, 0.18}, {0.13, 0.14, 0.13}}, // green, brown, black
	{{0.55, 0.48, 0.34}, {0.42, 0.36, 0.25}, {0.36, 0.38, 0.26}}, // sand
	{{0.42, 0.43, 0.40}, {0.31, 0.33, 0.32}, {0.48, 0.48, 0.44}}, // field grey
}

// drawTank puts the tank of this scene on its spot.
func drawTank(c *canvas, l *layout, r *rand.Rand) {
	t := &tank{
		c: c, l: l, n: noise{r.Uint64()},
		wheels:  5 + r.IntN(3),
		skirt:   r.IntN(3) == 0,
		turret:  between(r, -0.10, 0.02),
		gun:     between(r, 0.44, 0.58),
		lift:    between(r, -0.01, 0.07),
		lean:    point{between(r, 0.06, 0.13), between(r, 0.055, 0.085)},
		dust:    mix(l.ground, rgb{0.48, 0.40, 0.30}, 0.7),
		blotch:  between(r, 4, 8),
		painted: between(r, 0.5, 1),
	}
	t.coat = coats[r.IntN(len(coats))]
	for i := range t.coat {
		t.coat[i] = vary(r, t.coat[i], 0.08)
	}
	t.groundShadow()
	t.runningGear(point{t.lean.x, t.lean.y}, 0.35)
	t.belly()
	t.runningGear(point{}, 1)
	t.hull()
	t.turretAndGun()
	t.fittings(r)
}

// at is where a point of the tank lies on the canvas.
func (t *tank) at(x, y float64) point {
	s := t.l.spot
	return point{s.x + s.face*x*s.length, s.base - y*s.length*1.15}
}

// outline is where the corners of a part lie on the canvas, moved by d.
func (t *tank) outline(corners []point, d point) []point {
	ps := make([]point, len(corners))
	for i, p := range corners {
		ps[i] = t.at(p.x+d.x, p.y+d.y)
	}
	return ps
}

// plate paints a convex plate; level is its share of sunlight.
func (t *tank) plate(level float64, corners ...point) {
	t.c.polygon(t.outline(corners, point{}), ofTank, func(x, y float64) rgb { return t.steel(x, y, level) })
}

// steel is the painted surface at a canvas pixel: camouflage, wear, the dirt
// that rises from the ground.
func (t *tank) steel(x, y, level float64) rgb {
	s := t.l.spot
	u, v := (x-s.x)/s.length, (s.base-y)/s.length
	n := t.n.fractal(u*t.blotch+40, v*t.blotch*1.3, 3)
	col := mix(t.coat[0], t.coat[1], t.painted*smoothstep(0.52, 0.58, n))
	n = t.n.fractal(u*t.blotch-13, v*t.blotch*1.3+77, 3)
	col = mix(col, t.coat[2], t.painted*smoothstep(0.58, 0.64, n))
	col = mix(col, t.dust, 0.75*smoothstep(0.26, 0.02, v+0.12*t.n.at(u*14, 9)))
	wear := 0.86 + 0.28*t.n.fractal(u*30, v*30, 3)
	return t.l.lit(col.scaled(wear), level)
}

// Levels of light on the sides of the tank. The side that the sun stands over
// is bright, and so is the top.
func (t *tank) topLight() float64  { return 0.72 + 0.42*t.l.height }
func (t *tank) sideLight() float64 { return 0.34 + 0.12*t.l.height }
func (t *tank) frontLight() float64 {
	return 0.48 + 0.42*t.l.sun*t.l.spot.face
}

// groundShadow darkens the ground under and beside the tank.
func (t *tank) groundShadow() {
	s := t.l.spot
	drawShadow(t.c, t.l, s.x+s.face*0.03*s.length, s.base-0.02*s.length, s.length*0.56, s.length*0.085)
}

// dark paints a plate in one plain dark colour.
func (t *tank) dark(col rgb, corners ...point) {
	t.c.polygon(t.outline(corners, point{}), ofTank, func(x, y float64) rgb {
		return col.scaled(0.8 + 0.4*t.n.fractal(x/4, y/4, 2))
	})
}

// belly closes the space between the tracks.
func (t *tank) belly() {
	d := t.lean
	t.dark(rgb{0.10, 0.10, 0.09}, point{-0.44, 0.06}, point{0.42, 0.06}, point{0.42 + d.x, 0.06 + d.y}, point{0.46 + d.x, 0.16 + d.y}, point{-0.44, 0.18})
}

// runningGear paints a track with its wheels, moved by d; light dims the far
// one.
func (t *tank) runningGear(d point, light float64) {
	rubber := t.l.lit(mix(rgb{0.16, 0.15, 0.14}, t.dust, 0.18), 0.35*light)
	track := []point{
		{-0.50, 0.13}, {-0.47, 0.07}, {-0.38, 0.00}, {0.37, 0.00}, {0.47, 0.08},
		{0.50, 0.14}, {0.46, 0.19}, {-0.46, 0.19},
	}
	t.c.polygon(t.outline(track, d), ofTank, func(x, y float64) rgb {
		link := 0.78 + 0.44*math.Abs(math.Sin(x*1.25+0.6*y))
		return rubber.scaled(link)
	})
	if light < 1 {
		return
	}
	for i := range t.wheels {
		x := -0.345 + 0.66*float64(i)/float64(t.wheels-1)
		t.wheel(x, 0.078, math.Min(0.07, 0.33/float64(t.wheels)))
	}
	t.wheel(-0.435, 0.125, 0.047)
	t.wheel(0.44, 0.13, 0.045)
}

// wheel paints a road wheel: tyre, disc with a lit rim, hub.
func (t *tank) wheel(x, y, radius float64) {
	p, s := t.at(x, y), t.l.spot.length
	tyre := t.l.lit(rgb{0.14, 0.13, 0.12}, 0.5)
	t.c.dab(p.x, p.y, radius*s, radius*s*1.12, 0, tyre, 1, ofTank)
	t.c.ellipse(p.x, p.y, 0.72*radius*s, 0.80*radius*s, 0, 1, ofTank, func(px, py float64) rgb {
		u, v := (px-p.x)/(radius*s), (py-p.y)/(radius*s)
		level := t.sideLight() + 0.15 - 0.55*v + 0.25*t.l.sun*u
		return t.steel(px, py, level).scaled(1.05)
	})
	t.c.dab(p.x, p.y, 0.22*radius*s, 0.25*radius*s, 0, tyre.scaled(1.2), 0.9, ofTank)
}

// hull paints the nose, the deck and the near side, with seams and edges.
func (t *tank) hull() {
	d := t.lean
	top, side := t.topLight(), t.sideLight()
	low := 0.155
	if t.skirt {
		low = 0.115
	}
	// Nose, upper front plate, deck, side.
	t.plate(t.frontLight()*0.75, point{0.47, low}, point{0.43, 0.07}, point{0.43 + d.x, 0.07 + d.y}, point{0.47 + d.x, 0.17 + d.y})
	t.plate(t.frontLight()+0.2, point{0.48, 0.165}, point{0.36, 0.262}, point{0.36 + d.x, 0.262 + d.y}, point{0.48 + d.x, 0.165 + d.y})
	t.plate(top, point{-0.49, 0.262}, point{0.36, 0.262}, point{0.36 + d.x, 0.262 + d.y}, point{-0.49 + d.x, 0.262 + d.y})
	t.plate(side, point{-0.51, low + 0.01}, point{0.48, low}, point{0.485, 0.168}, point{0.36, 0.264}, point{-0.50, 0.264})
	// A dark seam under the side, a lit edge above it.
	t.line(-0.51, low, 0.48, low, 0.012, t.l.lit(t.coat[1].scaled(0.4), 0.1), 0.8)
	t.line(-0.50, 0.264, 0.36, 0.264, 0.009, t.l.lit(t.coat[0].scaled(1.35), top), 0.8)
	t.line(0.36, 0.264, 0.483, 0.168, 0.009, t.l.lit(t.coat[0].scaled(1.3), t.frontLight()+0.2), 0.7)
	for i := range 5 { // joints of the plates
		x := -0.36 + 0.17*float64(i)
		t.line(x, low+0.01, x, 0.25, 0.006, t.l.lit(t.coat[1].scaled(0.5), 0.2), 0.5)
	}
	t.dark(rgb{0.08, 0.08, 0.07}, point{-0.49, 0.20}, point{-0.43, 0.20}, point{-0.43, 0.235}, point{-0.49, 0.235}) // exhaust
}

// line strokes an edge on the tank.
func (t *tank) line(ax, ay, bx, by, width float64, col rgb, alpha float64) {
	a, b := t.at(ax, ay), t.at(bx, by)
	w := math.Max(width*t.l.spot.length, 0.8)
	t.c.stroke(a.x, a.y, b.x, b.y, w, w, alpha, ofTank, func(_, _ float64) rgb { return col })
}

// turretAndGun paints what turns: the gun first, then the turret before it.
func (t *tank) turretAndGun() {
	d := point{t.lean.x * 0.7, t.lean.y * 0.75}
	x, y := t.turret+t.lean.x*0.2, 0.264+t.lean.y*0.3
	top, side := t.topLight(), t.sideLight()

	// The shadow that the turret throws on the deck.
	t.line(x-0.24, y-0.004, x+0.22, y-0.004, 0.02, t.l.lit(t.coat[1].scaled(0.35), 0), 0.75)
	t.barrel(x+0.19+d.x*0.4, y+0.085+d.y*0.4)
	// Front, roof, side, and the box at the back.
	t.plate(t.frontLight()+0.1, point{x + 0.23, y + 0.02}, point{x + 0.14, y + 0.165}, point{x + 0.14 + d.x, y + 0.165 + d.y}, point{x + 0.23 + d.x, y + 0.02 + d.y})
	t.plate(top, point{x - 0.22, y + 0.16}, point{x + 0.14, y + 0.165}, point{x + 0.14 + d.x, y + 0.165 + d.y}, point{x - 0.22 + d.x, y + 0.16 + d.y})
	t.plate(side+0.06, point{x - 0.25, y + 0.01}, point{x + 0.23, y + 0.01}, point{x + 0.235, y + 0.05}, point{x + 0.14, y + 0.168}, point{x - 0.22, y + 0.162})
	t.plate(side-0.05, point{x - 0.35, y + 0.045}, point{x - 0.24, y + 0.035}, point{x - 0.22, y + 0.14}, point{x - 0.35, y + 0.135})
	t.plate(top*0.9, point{x - 0.35, y + 0.135}, point{x - 0.22, y + 0.14}, point{x - 0.22 + d.x, y + 0.14 + d.y*0.8}, point{x - 0.35 + d.x, y + 0.135 + d.y*0.8})
	t.line(x-0.22, y+0.163, x+0.14, y+0.168, 0.008, t.l.lit(t.coat[0].scaled(1.35), top), 0.85)
	t.line(x+0.14, y+0.168, x+0.232, y+0.05, 0.008, t.l.lit(t.coat[0].scaled(1.25), t.frontLight()+0.2), 0.7)
	t.cupola(x-0.08+d.x*0.5, y+0.163+d.y*0.5)
}

// barrel paints the gun from its mantlet to the muzzle brake.
func (t *tank) barrel(x, y float64) {
	s := t.l.spot.length
	end := point{x + t.gun, y + t.lift}
	a, b := t.at(x, y), t.at(end.x, end.y)
	round := func(px float64) func(along, across float64) rgb {
		return func(along, across float64) rgb {
			v := across * t.l.spot.face // −1 upper … 1 lower edge
			x, y := a.x+(b.x-a.x)*along+px, a.y+(b.y-a.y)*along
			return t.steel(x, y, 0.50-0.62*v).scaled(0.85)
		}
	}
	t.c.stroke(a.x, a.y, b.x, b.y, 0.050*s, 0.036*s, 1, ofTank, round(0))
	mid := func(u float64) point { return t.at(x+t.gun*u, y+t.lift*u) }
	p, q := mid(0.50), mid(0.64) // fume extractor
	t.c.stroke(p.x, p.y, q.x, q.y, 0.058*s, 0.058*s, 1, ofTank, round(5))
	p, q = mid(0.93), mid(1.0) // muzzle
	t.c.stroke(p.x, p.y, q.x, q.y, 0.056*s, 0.056*s, 1, ofTank, round(9))
	t.c.dab(q.x, q.y, 0.012*s, 0.02*s, 0, rgb{0.05, 0.05, 0.05}, 1, ofTank)
	m := t.at(x+0.005, y)
	t.c.ellipse(m.x, m.y, 0.045*s, 0.062*s, 0, 1, ofTank, func(px, py float64) rgb {
		return t.steel(px, py, t.frontLight()-0.5*(py-m.y)/(0.06*s)).scaled(0.9)
	})
}

// cupola paints the commander's hatch with its periscopes.
func (t *tank) cupola(x, y float64) {
	t.plate(t.sideLight(), point{x - 0.065, y - 0.01}, point{x + 0.065, y - 0.01}, point{x + 0.05, y + 0.05}, point{x - 0.05, y + 0.05})
	t.plate(t.topLight(), point{x - 0.05, y + 0.045}, point{x + 0.05, y + 0.045}, point{x + 0.06, y + 0.062}, point{x - 0.035, y + 0.062})
	t.line(x-0.035, y+0.03, x+0.04, y+0.03, 0.014, rgb{0.07, 0.08, 0.09}, 0.8)
}

// fittings hangs on what makes each tank its own: lamps, tools, a rolled
// tarpaulin, an antenna, and the twigs its crew has put on it.
func (t *tank) fittings(r *rand.Rand) {
	s := t.l.spot.length
	lamp := t.at(0.455, 0.205)
	t.c.dab(lamp.x, lamp.y, 0.016*s, 0.016*s, 0, t.l.lit(rgb{0.86, 0.86, 0.78}, 0.9), 1, ofTank)
	x := between(r, -0.45, -0.2)
	t.line(x, 0.245, x+between(r, 0.12, 0.22), 0.245, 0.022, t.l.lit(rgb{0.36, 0.31, 0.22}, 0.55), 0.95)
	if r.IntN(2) == 0 { // antenna, too thin to count as seen
		p := t.at(t.turret-0.2, 0.42)
		q := t.at(t.turret-0.2-between(r, 0.02, 0.1), between(r, 0.7, 0.85))
		t.c.stroke(p.x, p.y, q.x, q.y, 1, 0.6, 0.45, ofTank, func(_, _ float64) rgb { return rgb{0.12, 0.12, 0.11} })
	}
	for range r.IntN(4) { // twigs
		p := t.at(between(r, -0.45, 0.3), between(r, 0.25, 0.40))
		for range 16 {
			leaf := t.l.lit(vary(r, t.l.foliage, 0.2), between(r, 0.1, 0.9))
			t.c.dab(p.x+0.05*s*r.NormFloat64(), p.y+0.022*s*r.NormFloat64(), between(r, 1.2, 2.4), between(r, 0.8, 1.5), r.Float64()*3, leaf, 0.9, ofLand)
		}
	}
}
