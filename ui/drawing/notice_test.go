package drawing

import (
	"bytes"
	"image"
	"image/png"
	"testing"

	"picasso/backend/picture"
)

func TestNoticeIsInTheFile(t *testing.T) {
	m := image.NewRGBA(image.Rect(0, 0, 200, 100))
	scan := picture.NewFloat("a", 2, 2, 1, make([]float32, 4))
	if Notice(nil) != "" || Notice(scan) != "" {
		t.Error("what is not medical gets a notice")
	}
	scan.Scan = &picture.Scan{}
	Mark(m, Notice(scan))
	if m.RGBAAt(0, 99).A == 0 || m.RGBAAt(0, 50).A != 0 {
		t.Error("the strip does not lie along the lower edge")
	}
	var marked, plain bytes.Buffer
	if err := WritePNG(&marked, m, Notice(scan)); err != nil {
		t.Fatal(err)
	}
	if err := WritePNG(&plain, m, ""); err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(marked.Bytes(), []byte(ResearchUse)) || bytes.Contains(plain.Bytes(), []byte(ResearchUse)) {
		t.Error("the words are in the wrong file")
	}
	back, err := png.Decode(&marked) // checks the sums of all chunks
	if err != nil || back.Bounds() != m.Bounds() {
		t.Errorf("%v, %v", back, err)
	}
}
