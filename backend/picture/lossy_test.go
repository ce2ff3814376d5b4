package picture

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	"image/gif"
	"os"
	"slices"
	"strings"
	"testing"
)

// lossyCase is a file and its pixels, red, green, blue and alpha of each or grey.
type lossyCase struct {
	Name          string
	Width, Height int
	File          []byte
	Pixels        string
}

// lossyCases are those of testdata/lossy.py.
func lossyCases(t *testing.T) []lossyCase {
	t.Helper()
	data, err := os.ReadFile("testdata/lossy.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []lossyCase
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	return cases
}

// Lossy pictures have the pixels that the libraries give which models are
// trained with, and so have faxes.
func TestLossyPicturesAgreeWithPIL(t *testing.T) {
	for _, c := range lossyCases(t) {
		t.Run(fmt.Sprintf("%s %dx%d", c.Name, c.Width, c.Height), func(t *testing.T) {
			m, err := Decode(c.Name, c.File)
			if err != nil {
				t.Fatal(err)
			}
			want, err := hex.DecodeString(c.Pixels)
			if err != nil {
				t.Fatal(err)
			}
			if len(want) == 4*c.Width*c.Height {
				m = m.WithAlpha()
			}
			if m.Width != c.Width || m.Height != c.Height || !bytes.Equal(m.px.u8, want) {
				t.Fatalf("%d×%d pixels\n%v, want\n%v", m.Width, m.Height, m.px.u8, want)
			}
		})
	}
}

// Without a marker the names of the components say what they are.
func TestJPEGComponentsByName(t *testing.T) {
	file := bytes.Clone(lossyCases(t)[0].File)
	at := bytes.Index(file, []byte("JFIF\x00"))
	file[at] = 'X' // no marker that tells
	frame, scan := bytes.Index(file, []byte{0xff, 0xc0}), bytes.Index(file, []byte{0xff, 0xda})
	plain, err := Decode("plain.jpg", file)
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range []byte("RGB") {
		file[frame+10+3*i], file[scan+5+2*i] = name, name
	}
	named, err := Decode("named.jpg", file)
	if err != nil {
		t.Fatal(err)
	}
	luma, cb, cr := named.px.u8[0], named.px.u8[1], named.px.u8[2]
	var want [3]uint8
	y, blue, red := int32(luma), int32(cb)-128, int32(cr)-128
	for i, v := range []int32{y + (91881*red+1<<15)>>16, y + (-22554*blue-46802*red+1<<15)>>16, y + (116130*blue+1<<15)>>16} {
		want[i] = clamp8(v)
	}
	if got := [3]uint8(plain.px.u8); got != want {
		t.Errorf("%v without names, want %v from the components %d, %d, %d", got, want, luma, cb, cr)
	}
}

// A picture that was copied in part is not taken for a whole one.
func TestHalfAPictureEndsTooEarly(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 64, 64))
	for i := range m.Pix {
		m.Pix[i] = uint8(i*i>>3) | 3
	}
	whole := map[string][]byte{
		"PNG": asPNG(t, m), "JPEG": asJPEG(t, m),
		"GIF": encoded(t, func(b *bytes.Buffer) error { return gif.Encode(b, m, nil) }),
	}
	for kind, data := range whole {
		if _, err := Decode(kind, data); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		if _, err := Decode(kind, data[:len(data)*2/3]); err == nil || !strings.Contains(err.Error(), "ends too early") {
			t.Errorf("two thirds of a %s: %v", kind, err)
		}
	}
}

// A fax whose tag says the opposite shows the opposite.
func TestFaxesFollowTheirTag(t *testing.T) {
	cases := lossyCases(t)
	i := slices.IndexFunc(cases, func(c lossyCase) bool { return c.Name == "tiff fax" })
	file := bytes.Clone(cases[i].File)
	before, err := Decode("fax.tif", file)
	if err != nil {
		t.Fatal(err)
	}
	entry := bytes.Index(file, []byte{0x06, 0x01, 3, 0, 1, 0, 0, 0, 1} /* the tag "photometric", 1: black is zero */)
	file[entry+8] = 0 // white is zero
	after, err := Decode("fax.tif", file)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range before.px.u8 {
		if after.px.u8[i] != ^v {
			t.Fatalf("pixel %d is %d in both", i, v)
		}
	}
}
