// Package scenes draws small pictures that look like photographs of a forest
// edge, with or without clouds and with or without a tank half hidden in the
// bushes, and tells the truth about them: where the sky is and where the tank.
//
// A seed gives the same landscape whatever the options are, so two scenes may
// differ in nothing but the tank, or in nothing but the sky. Light and ground
// do not depend on the clouds: what tells a clouded scene from a clear one is
// the sky alone.
package scenes

import (
	"image"
	"math/rand/v2"
)

// Size is the width and height of every scene in pixels.
const Size = 128

// oversample is the number of canvas pixels along one pixel of the scene.
const oversample = 2

// Options choose a scene.
type Options struct {
	Tank   bool   // a tank stands in the landscape
	Clouds bool   // the sky is clouded, else clear
	Seed   uint64 // the landscape, the light, the tank, the clouds
}

// Scene is a picture and the truth about it.
type Scene struct {
	Options Options
	Image   *image.RGBA
	// Box is the smallest rectangle around what is seen of the tank (the
	// antenna apart); empty without a tank.
	Box image.Rectangle
	// Skyline holds for every column the first row that is not sky.
	Skyline []int
	// Visible is the share of the tank that no bush covers; 0 without a tank.
	Visible float64
}

// InSky reports whether a pixel belongs to the sky.
func (s *Scene) InSky(x, y int) bool {
	return x >= 0 && x < len(s.Skyline) && y >= 0 && y < s.Skyline[x]
}

// part names an independent stream of random numbers, so that one part of the
// scene never changes another.
type part uint64

const (
	partLayout part = iota + 1
	partSky
	partClouds
	partForest
	partGround
	partProps
	partTank
	partCover
	partCamera
)

func (o Options) stream(p part) *rand.Rand {
	return rand.New(rand.NewPCG(o.Seed, uint64(p)*0x9E3779B97F4A7C15))
}

// Generate draws a scene. Equal options give equal pictures.
func Generate(o Options) *Scene {
	c := newCanvas(Size * oversample)
	l := newLayout(o.stream(partLayout))

	drawSky(c, l, o.stream(partSky))
	if o.Clouds {
		drawClouds(c, l, o.stream(partClouds))
	}
	drawForest(c, l, o.stream(partForest))
	drawGround(c, l, o.stream(partGround))
	drawProps(c, l, o.stream(partProps), behind)
	shown := 0
	if o.Tank {
		drawTank(c, l, o.stream(partTank))
		shown = c.count(ofTank)
	}
	drawCover(c, l, o.stream(partCover), shown)
	drawProps(c, l, o.stream(partProps), before)

	s := &Scene{
		Options: o,
		Image:   develop(c, l, o.stream(partCamera)),
		Skyline: c.skyline(),
	}
	if o.Tank {
		s.Box = c.box(ofTank)
		s.Visible = float64(c.count(ofTank)) / float64(shown)
	}
	return s
}
