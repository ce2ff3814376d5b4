package phantom

import (
	"math"
	"math/rand/v2"
)

// Mean Hounsfield units of what a chest is made of.
const (
	tissueAir    = -1000
	tissueTable  = -350
	tissueFat    = -95
	tissueMuscle = 50
	tissueLung   = -840 // give or take 35
	tissueHeart  = 65
	tissueBlood  = 75
	tissueVessel = 10
	tissueNodule = 35
	tissueBone   = 380
	tissueCortex = 750
	tissueCanal  = 25
)

// anatomy is one body. Lengths are pixels; x runs to the patient's left, y to
// the back.
type anatomy struct {
	cx, cy        float64
	width, height float64 // half axes of the trunk
	fat           float64
	lungs         [2]lung
	air           float64 // Hounsfield units of the lungs
	heartX        float64
	heart         float64 // size, 1 is the usual one
	spineY        float64
	ribs          float64 // turn of the first pair
	vessels       []vessel
	marks         []mark
	noise         float64 // of the scanner, Hounsfield units before smoothing
}

// lung is an ellipsoid, cut off by the diaphragm below.
type lung struct{ x, y, rx, ry, top, bottom float64 }

// vessel is a straight tube in a lung, from slice z0 to z1.
type vessel struct{ x0, y0, x1, y1, z0, z1, r float64 }

func newAnatomy(r *rand.Rand) *anatomy {
	between := func(lo, hi float64) float64 { return lo + (hi-lo)*r.Float64() }
	a := &anatomy{cx: 64 + between(-2, 2), cy: 62 + between(-2, 2), width: between(50, 56), height: between(34, 39), fat: between(2, 5)}
	a.heartX, a.heart = a.cx+between(5, 9), between(0.85, 1.1)
	a.air, a.noise = tissueLung+between(-35, 35), between(25, 60)
	a.spineY = a.cy + a.height*between(0.52, 0.58)
	a.ribs = between(0, 1)
	for i := range a.lungs {
		side := float64(2*i - 1)
		a.lungs[i] = lung{
			x: a.cx + side*a.width*between(0.46, 0.5), y: a.cy + between(-2, 1),
			rx: a.width * between(0.31, 0.35), ry: a.height * between(0.66, 0.74),
			top: between(23, 26), bottom: between(-8, -4),
		}
		for k := range 16 {
			v := newVessel(a.lungs[i], side, between)
			if k%4 == 0 {
				v.steepen(between)
			}
			a.vessels = append(a.vessels, v)
		}
		a.marks = append(a.marks, newMarks(i, a.lungs[i], between)...)
	}
	return a
}

// newVessel leads from the root of a lung outwards.
func newVessel(l lung, side float64, between func(lo, hi float64) float64) vessel {
	angle, z := between(-2.2, 2.2), between(2, 20)
	if side < 0 {
		angle = math.Pi - angle
	}
	far := between(0.5, 0.9)
	return vessel{
		x0: l.x - side*l.rx*0.6, y0: l.y + between(-4, 4), z0: z,
		x1: l.x + far*l.rx*math.Cos(angle), y1: l.y + far*l.ry*math.Sin(angle), z1: z + between(-6, 6),
		r: between(0.7, 1.3),
	}
}

// steepen makes the vessel a thick one that climbs through the slices, which
// cut it round: a small ball, for who sees one slice only.
func (v *vessel) steepen(between func(lo, hi float64) float64) {
	v.x0, v.y0 = v.x1+between(-4, 4), v.y1+between(-4, 4)
	v.z1 = v.z0 + between(6, 16)
	v.r = between(1.2, 1.8)
}

// at is the lung's cross-section in a slice.
func (l lung) at(z float64) (rx, ry float64) {
	middle, half := (l.top+l.bottom)/2, (l.top-l.bottom)/2
	d := (z - middle) / half
	if d*d >= 1 {
		return 0, 0
	}
	s := root(1 - d*d*d*d)
	return l.rx * s, l.ry * s
}

// slice draws the slice at a height, counted in slices, without noise.
func (a *anatomy) slice(depth float64) *canvas {
	c := newCanvas(tissueAir)
	c.blend(trough(a.cx, 16, 94, 2), tissueTable)
	c.blend(disc(a.cx, a.cy, a.width, a.height), tissueFat)
	c.blend(disc(a.cx, a.cy, a.width-a.fat, a.height-a.fat), tissueMuscle)
	a.drawRibs(c, depth)
	for _, l := range a.lungs {
		if rx, ry := l.at(depth); rx > 1 {
			c.blend(disc(l.x, l.y, rx, ry), a.air)
		}
	}
	a.drawVessels(c, depth)
	a.drawMarks(c, depth)
	if beat := 1 - math.Abs(depth-8)/9; beat > 0 {
		c.blend(disc(a.heartX, a.cy-4, 17*a.heart*root(beat), 14*a.heart*root(beat)), tissueHeart)
	}
	c.blend(disc(a.cx+6, a.spineY-9, 4.5, 4.5), tissueBlood)
	c.blend(disc(a.cx, a.spineY, 7.5, 6), tissueCortex)
	c.blend(disc(a.cx, a.spineY, 6.3, 4.8), tissueBone)
	c.blend(disc(a.cx, a.spineY+8, 3, 2.6), tissueCanal)
	c.blend(disc(a.cx, a.spineY+12.5, 1.6, 3), tissueCortex)
	return c
}

// drawRibs draws the pieces of the ribs that a slice cuts: they slope, so they
// wander around the chest from slice to slice.
func (a *anatomy) drawRibs(c *canvas, z float64) {
	for i := range 5 {
		turn := math.Mod(a.ribs+float64(i)/5+z/20, 1)*2.6 - 0.9
		for _, side := range []float64{-1, 1} {
			x := a.cx + side*(a.width-a.fat-4)*math.Cos(turn)
			y := a.cy + (a.height-a.fat-3.5)*math.Sin(turn)
			c.blend(disc(x, y, 3.4, 2.4), tissueCortex)
			c.blend(disc(x, y, 2.1, 1.3), tissueBone)
		}
	}
}

// drawVessels draws what a slice cuts of the vessels, inside the lungs only.
func (a *anatomy) drawVessels(c *canvas, z float64) {
	for i, v := range a.vessels {
		lo, hi := min(v.z0, v.z1)-0.5, max(v.z0, v.z1)+0.5
		if z < lo || z > hi {
			continue
		}
		// A slice has a thickness: it cuts a piece of the tube.
		step := 0.5 / max(math.Abs(v.z1-v.z0), 0.5)
		t := 0.5
		if v.z1 != v.z0 {
			t = (z - v.z0) / (v.z1 - v.z0)
		}
		l := a.lungs[i*len(a.lungs)/len(a.vessels)]
		rx, ry := l.at(z)
		for s := max(t-step, 0); s <= min(t+step, 1); s += 0.02 {
			x, y := v.x0+s*(v.x1-v.x0), v.y0+s*(v.y1-v.y0)
			if rx > 2 && sq((x-l.x)/(rx-1))+sq((y-l.y)/(ry-1)) < 1 {
				r := v.r * (1.2 - 0.6*s)
				c.blend(disc(x, y, r, r), tissueVessel)
			}
		}
	}
}

// place finds a place for a nodule within a lung, clear of its edge, of the heart and of
// larger vessels. bare are the body's slices without it.
func (a *anatomy) place(r *rand.Rand, bare *[Depth]*canvas) *Nodule {
	n := &Nodule{Radius: 9 + 7*r.Float64()}
	reach := n.Radius/Spacing + 2
	for {
		l := a.lungs[r.IntN(2)]
		n.Z = 4 + 15*r.Float64()
		rx, ry := l.at(n.Z)
		angle, far := 2*math.Pi*r.Float64(), root(r.Float64())
		n.X, n.Y = l.x+far*(rx-reach)*math.Cos(angle), l.y+far*(ry-reach)*math.Sin(angle)
		heart := math.Hypot((n.X-a.heartX)/(17*a.heart+reach), (n.Y-a.cy+4)/(14*a.heart+reach))
		if rx > reach+2 && ry > reach+2 && heart > 1 && airy(n, bare) {
			return n
		}
	}
}

// airy reports whether there is little but lung in a nodule's place.
func airy(n *Nodule, bare *[Depth]*canvas) bool {
	for z := range Depth {
		x, y, r, ok := n.In(z)
		if !ok {
			continue
		}
		if within(bare[z].hu, x, y, max(r, 1)) > -600 {
			return false
		}
	}
	return true
}

// within is the mean of the values in a circle.
func within(hu []float64, cx, cy, r float64) float64 {
	sum, n := 0.0, 0.0
	for i, v := range hu {
		if math.Hypot(float64(i%Side)-cx, float64(i/Side)-cy) <= r {
			sum, n = sum+v, n+1
		}
	}
	return sum / max(n, 1)
}

func root(v float64) float64 { return math.Sqrt(max(v, 0)) }
func sq(v float64) float64   { return v * v }
