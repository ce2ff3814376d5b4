package drawing

import (
	"image"
	"image/color"
	"math"
	"testing"
)

func halves(a, b color.RGBA) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, 8, 8))
	for y := range 8 {
		for x := range 8 {
			c := a
			if x >= 4 {
				c = b
			}
			m.SetRGBA(x, y, c)
		}
	}
	return m
}

// Half red, half blue: rg is 255 and 0, yb 127.5 and −255, so the deviations are
// 127.5 and 191.25, the means 127.5 and −63.75.
func TestColourfulnessByHand(t *testing.T) {
	got := Colourfulness(halves(color.RGBA{255, 0, 0, 255}, color.RGBA{0, 0, 255, 255}))
	want := math.Hypot(127.5, 191.25) + 0.3*math.Hypot(127.5, 63.75)
	if math.Abs(got-want) > 1e-9 {
		t.Errorf("%v, want %v", got, want)
	}
	if got := Colourfulness(halves(color.RGBA{20, 20, 20, 255}, color.RGBA{200, 200, 200, 255})); got != 0 {
		t.Errorf("a grey picture has %v", got)
	}
	if Colourfulness(image.NewRGBA(image.Rectangle{})) != 0 {
		t.Error("nothing has a colourfulness")
	}
}

func TestGreyKeepsBrightnessAndTheGivenPicture(t *testing.T) {
	m := halves(color.RGBA{255, 0, 0, 255}, color.RGBA{255, 255, 255, 255})
	g := Grey(m)
	if c := g.RGBAAt(0, 0); c != (color.RGBA{76, 76, 76, 255}) {
		t.Errorf("red is %v", c)
	}
	if c := g.RGBAAt(7, 7); c != (color.RGBA{255, 255, 255, 255}) {
		t.Errorf("white is %v", c)
	}
	if m.RGBAAt(0, 0).R != 255 || m.RGBAAt(0, 0).G != 0 {
		t.Error("the given picture was changed")
	}
}

func TestPicturesOfATableAreAlike(t *testing.T) {
	for picture, want := range map[string]bool{"": true, InGrey: true, InColour: false} {
		if got := (Display{Picture: picture}).GreyedAll(); got != want {
			t.Errorf("with %q the pictures of a table are grey: %t", picture, got)
		}
	}
}

func TestThePictureChoosesUnlessTheUserDoes(t *testing.T) {
	for _, c := range []struct {
		picture string
		of      float64
		want    bool
	}{{"", 0, false}, {"", 32, false}, {"", 60, true}, {InGrey, 0, true}, {InColour, 90, false}} {
		if got := (Display{Picture: c.picture}).Greyed(c.of); got != c.want {
			t.Errorf("%q at %v: %v", c.picture, c.of, got)
		}
	}
}
