package wire

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestPatchesRestoreTheImage(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	const c, h, w = 2, 9, 11
	for range 2000 {
		base := Tensor{[]int{c, h, w}, make([]float32, c*h*w)}
		for i := range base.Data {
			base.Data[i] = float32(random.IntN(3))
		}
		other := Tensor{base.Shape, slices.Clone(base.Data)}
		for range random.IntN(4) {
			y, x := random.IntN(h), random.IntN(w)
			for k := range random.IntN(6) {
				other.Data[(random.IntN(c)*h+min(y+k, h-1))*w+min(x+k, w-1)] = random.Float32()
			}
		}
		p, part := Differ(base, other)
		if p == nil {
			if &part.Data[0] != &other.Data[0] {
				t.Fatal("neither a patch nor the picture itself")
			}
			continue
		}
		if len(part.Data) >= len(other.Data)/2+c {
			t.Fatalf("the patch has %d of %d values", len(part.Data), len(other.Data))
		}
		restored := Tensor{base.Shape, slices.Clone(base.Data)}
		if err := p.Apply(restored, part); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(restored.Data, other.Data) {
			t.Fatalf("patch %+v of shape %v loses a difference", *p, part.Shape)
		}
	}
}

func TestPatchesOutsideAreRefused(t *testing.T) {
	dst := Tensor{[]int{1, 4, 4}, make([]float32, 16)}
	part := Tensor{[]int{1, 2, 2}, make([]float32, 4)}
	for _, p := range []Patch{{0, -1, 0}, {0, 0, -1}, {0, 3, 0}, {0, 0, 3}, {0, 1 << 62, 1 << 62}} {
		if err := p.Apply(dst, part); !errors.Is(err, ErrFrame) {
			t.Errorf("%+v: %v", p, err)
		}
	}
	if err := (Patch{}).Apply(dst, Tensor{[]int{2, 2, 2}, make([]float32, 8)}); !errors.Is(err, ErrFrame) {
		t.Errorf("another number of channels: %v", err)
	}
}
