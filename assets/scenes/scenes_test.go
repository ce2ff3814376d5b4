package scenes_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"image"
	"math"
	"os"
	"testing"

	"picasso/assets/scenes"
)

var update = flag.Bool("update", false, "rewrite testdata/fingerprint.json")

// all are the four kinds of scene for one seed.
func all(seed uint64) []scenes.Options {
	return []scenes.Options{
		{Seed: seed, Tank: true, Clouds: true}, {Seed: seed, Tank: true},
		{Seed: seed, Clouds: true}, {Seed: seed},
	}
}

func TestEqualOptionsGiveEqualPictures(t *testing.T) {
	for _, o := range all(11) {
		a, b := scenes.Generate(o), scenes.Generate(o)
		if !bytes.Equal(a.Image.Pix, b.Image.Pix) || a.Box != b.Box {
			t.Errorf("%+v gave two different scenes", o)
		}
	}
}

// The fingerprint is the mean colour of 8×8 fields. Processors round the last
// bit of a product and sum differently, so a little difference is allowed.
func TestScenesStayAsTheyWere(t *testing.T) {
	const name, tolerance = "testdata/fingerprint.json", 3.0
	got := map[string][]float64{}
	for _, o := range all(42) {
		got[fmt.Sprintf("tank %v, clouds %v", o.Tank, o.Clouds)] = fingerprint(scenes.Generate(o).Image)
	}
	if *update {
		data, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, append(data, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var want map[string][]float64
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	for scene, w := range want {
		for i := range w {
			if d := math.Abs(got[scene][i] - w[i]); d > tolerance {
				t.Errorf("%s: field %d differs by %.1f; if the change is wanted, train the samples anew and run with -update", scene, i, d)
				break
			}
		}
	}
}

// fingerprint is the mean red, green and blue of 8×8 fields, in whole steps.
func fingerprint(m *image.RGBA) []float64 {
	const fields = 8
	const side = scenes.Size / fields
	out := make([]float64, fields*fields*3)
	for y := range scenes.Size {
		for x := range scenes.Size {
			for c := range 3 {
				out[(y/side*fields+x/side)*3+c] += float64(m.Pix[m.PixOffset(x, y)+c]) / (side * side)
			}
		}
	}
	for i, v := range out {
		out[i] = math.Round(v)
	}
	return out
}

func TestTruthIsTrue(t *testing.T) {
	for seed := range uint64(25) {
		with := scenes.Generate(scenes.Options{Seed: seed, Tank: true})
		without := scenes.Generate(scenes.Options{Seed: seed})
		if !with.Box.In(with.Image.Bounds()) || with.Box.Dx() < 40 || with.Box.Dy() < 20 {
			t.Errorf("seed %d: the tank's box %v is outside the picture or too small", seed, with.Box)
		}
		if with.Visible < 0.4 || with.Visible > 1 {
			t.Errorf("seed %d: %.0f %% of the tank are in view", seed, 100*with.Visible)
		}
		if without.Box != (image.Rectangle{}) || without.Visible != 0 {
			t.Errorf("seed %d: a scene without a tank has a box %v", seed, without.Box)
		}
		inside, outside := differences(with, without)
		if inside < 0.3 {
			t.Errorf("seed %d: only %.0f %% of the box changes with the tank", seed, 100*inside)
		}
		if outside > 0.08 { // its shadow
			t.Errorf("seed %d: %.0f %% of what lies outside the box changes with the tank", seed, 100*outside)
		}
	}
}

// differences are the shares of pixels inside and outside the box of a that
// differ clearly between two scenes.
func differences(a, b *scenes.Scene) (inside, outside float64) {
	var in, out, inAll, outAll float64
	for y := range scenes.Size {
		for x := range scenes.Size {
			differs := 0.0
			if difference(a.Image, b.Image, x, y) > visible {
				differs = 1
			}
			if (image.Point{X: x, Y: y}).In(a.Box) {
				in, inAll = in+differs, inAll+1
			} else {
				out, outAll = out+differs, outAll+1
			}
		}
	}
	return in / inAll, out / outAll
}

// visible is a difference of colours that an eye would notice.
const visible = 30

// difference is the sum over red, green and blue of how far two pictures are
// apart at a pixel.
func difference(a, b *image.RGBA, x, y int) float64 {
	p, q := a.RGBAAt(x, y), b.RGBAAt(x, y)
	return math.Abs(float64(p.R)-float64(q.R)) + math.Abs(float64(p.G)-float64(q.G)) + math.Abs(float64(p.B)-float64(q.B))
}

func TestCloudsChangeOnlyTheSky(t *testing.T) {
	for seed := range uint64(10) {
		clouded := scenes.Generate(scenes.Options{Seed: seed, Tank: true, Clouds: true})
		clear := scenes.Generate(scenes.Options{Seed: seed, Tank: true})
		sky, changed, leaks := 0, 0, 0
		for y := range scenes.Size {
			for x := range scenes.Size {
				d := difference(clouded.Image, clear.Image, x, y)
				if clouded.InSky(x, y) {
					sky++
					if d > visible {
						changed++
					}
				} else if d > visible {
					leaks++ // sky seen between leaves
				}
			}
		}
		if float64(leaks) > 0.03*float64(sky) {
			t.Errorf("seed %d: %d pixels below the skyline change with the clouds", seed, leaks)
		}
		if share := float64(sky) / (scenes.Size * scenes.Size); share < 0.2 || share > 0.6 {
			t.Errorf("seed %d: the sky takes %.0f %% of the picture", seed, 100*share)
		}
		if float64(changed) < 0.3*float64(sky) {
			t.Errorf("seed %d: only %d of %d pixels of the sky have clouds", seed, changed, sky)
		}
	}
}

func BenchmarkGenerate(b *testing.B) {
	for i := range b.N {
		scenes.Generate(scenes.Options{Seed: uint64(i), Tank: true, Clouds: true})
	}
}
