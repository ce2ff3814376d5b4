package digits_test

import (
	"bytes"
	"testing"

	"picasso/assets/digits"
)

func TestDigitsAreWhiteOnBlackAndInside(t *testing.T) {
	f, err := digits.NewFoundry()
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(20) {
		for d := range 10 {
			m := f.Draw(d, seed)
			if m.Bounds().Dx() != digits.Size || m.Bounds().Dy() != digits.Size {
				t.Fatalf("digit %d has bounds %v", d, m.Bounds())
			}
			bright, rim := 0, 0
			for y := range digits.Size {
				for x := range digits.Size {
					if v := m.GrayAt(x, y).Y; v > 100 {
						bright++
						if x == 0 || y == 0 || x == digits.Size-1 || y == digits.Size-1 {
							rim++
						}
					}
				}
			}
			if bright < 20 || bright > digits.Size*digits.Size/2 {
				t.Errorf("digit %d, seed %d has %d bright pixels", d, seed, bright)
			}
			if rim > 2 {
				t.Errorf("digit %d, seed %d touches the edge of the picture", d, seed)
			}
		}
	}
}

func TestEqualSeedsGiveEqualDigits(t *testing.T) {
	f, err := digits.NewFoundry()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(f.Draw(4, 7).Pix, f.Draw(4, 7).Pix) {
		t.Error("the same digit and seed gave two pictures")
	}
	if bytes.Equal(f.Draw(4, 7).Pix, f.Draw(4, 8).Pix) {
		t.Error("two seeds gave the same picture")
	}
}
