package covering

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func rowOf(m *mask, y int) []uint8 { return m.share[y*m.width : (y+1)*m.width] }

// A pixel is covered where its centre is: of a hard tip of radius 1.5 around the
// middle of a 5×5 picture those at most 1.5 away.
func TestAHardTip(t *testing.T) {
	m := newMask(5, 5)
	m.stroke([2]float64{2.5, 2.5}, [2]float64{2.5, 2.5}, Tip{Across: 1.5, Down: 1.5})
	const x = 255
	for y, want := range [][]uint8{{0, 0, 0, 0, 0}, {0, x, x, x, 0}, {0, x, x, x, 0}, {0, x, x, x, 0}, {0, 0, 0, 0, 0}} {
		if !slices.Equal(rowOf(m, y), want) {
			t.Errorf("row %d is %v, not %v", y, rowOf(m, y), want)
		}
	}
	m.stroke([2]float64{0, 2.5}, [2]float64{9, 2.5}, Tip{Across: 0.5, Down: 0.5, Erase: true})
	if !slices.Equal(rowOf(m, 2), make([]uint8, 5)) || rowOf(m, 1)[2] != x {
		t.Errorf("an eraser along the middle row leaves %v under %v", rowOf(m, 2), rowOf(m, 1))
	}
}

// Pixels twice as high as wide: the tip reaches as far on the screen both ways.
func TestATipOverPixelsThatAreNotSquare(t *testing.T) {
	m := newMask(9, 9)
	m.stroke([2]float64{4.5, 4.5}, [2]float64{4.5, 4.5}, Tip{Across: 4, Down: 2})
	count := func(of []uint8) (n int) {
		for _, v := range of {
			if v > 0 {
				n++
			}
		}
		return n
	}
	var column []uint8
	for y := range 9 {
		column = append(column, rowOf(m, y)[4])
	}
	if count(rowOf(m, 4)) != 9 || count(column) != 5 {
		t.Errorf("%d pixels across and %d down, not 9 and 5", count(rowOf(m, 4)), count(column))
	}
}

// A soft tip falls from its middle to its edge, in few steps, and going over the same
// place again covers no more.
func TestASoftTip(t *testing.T) {
	m := newMask(1, 41)
	tip := Tip{Across: 19.3, Down: 19.3, Soft: true}
	m.stroke([2]float64{20.5, 0.5}, [2]float64{20.5, 0.5}, tip)
	once := slices.Clone(m.share)
	shades := map[uint8]bool{}
	for i, v := range once {
		shades[v] = true
		if i > 0 && i <= 20 && v < once[i-1] || v != once[40-i] {
			t.Fatalf("it does not fall evenly: %v", once)
		}
	}
	if once[20] != 255 || once[15] != 255 || once[1] > 30 || len(shades) > steps+1 || len(shades) < 5 {
		t.Errorf("%d shades, %v", len(shades), once)
	}
	m.stroke([2]float64{20.5, 0.5}, [2]float64{20.5, 0.5}, tip)
	if !slices.Equal(m.share, once) {
		t.Error("going over the same place again covers more")
	}
	tip.Erase = true
	m.stroke([2]float64{20.5, 0.5}, [2]float64{20.5, 0.5}, tip)
	if m.share[20] != 0 {
		t.Error("an eraser leaves something in its middle")
	}
}

func TestRunsAreTheMask(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	m := newMask(37, 53)
	if m.runs() != "" {
		t.Error("a mask that covers nothing takes memory")
	}
	for range 40 {
		at := func() [2]float64 { return [2]float64{random.Float64() * 60, random.Float64() * 40} }
		m.stroke(at(), at(), Tip{Across: 6, Down: 5, Soft: random.IntN(2) == 0, Erase: random.IntN(3) == 0})
		again := newMask(37, 53)
		if err := m.runs().open(again); err != nil || !slices.Equal(again.share, m.share) {
			t.Fatalf("packed and unpacked it differs: %v", err)
		}
		if m.runs() != again.runs() {
			t.Fatal("equal masks have other runs")
		}
	}
	twice := newMask(37, 53)
	copy(twice.share, m.share)
	twice.invert()
	twice.invert()
	if !slices.Equal(twice.share, m.share) {
		t.Error("inverted twice it differs")
	}
	if err := m.runs().open(newMask(38, 53)); err == nil {
		t.Error("a mask of another size is taken")
	}
}

func FuzzRuns(f *testing.F) {
	m := newMask(3, 4)
	m.share[5] = 9
	f.Add([]byte(m.runs()))
	f.Add([]byte{255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		into := newMask(3, 4)
		if Runs(data).open(into) != nil {
			return
		}
		again := newMask(3, 4)
		if err := into.runs().open(again); err != nil || !slices.Equal(again.share, into.share) {
			t.Fatal(err)
		}
	})
}

// A hundred strokes of a wide soft brush all over a photo of 12 million pixels, as they
// are kept to be undone, stay below 50 MB, with the mask itself.
func TestAHundredStrokesTakeLittle(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	s := newSheet(3000, 4000, "mean", 1)
	for i := range 100 {
		at := func() [2]float64 { return [2]float64{random.Float64() * 4000, random.Float64() * 3000} }
		s.begin()
		s.mask.stroke(at(), at(), Tip{Across: 40, Down: 40, Soft: true})
		s.end(i+2, "Paint")
	}
	if bytes := s.bytes() + len(s.mask.share); bytes > 50<<20 || len(s.states) != 101 {
		t.Errorf("%d states of a hundred strokes take %.1f MB", len(s.states), float64(bytes)/(1<<20))
	}
	if err := s.move(1); err != nil || !s.empty() {
		t.Errorf("back at the beginning: %v", err)
	}
}

// Painting, undoing and doing again give equal bytes, in any order of states.
func TestStatesAreTheSameAgain(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	s := newSheet(40, 60, "mean", 1)
	kept := map[int][]uint8{1: slices.Clone(s.mask.share)}
	for id := 2; id < 40; id++ {
		s.begin()
		switch at := func() [2]float64 { return [2]float64{random.Float64() * 60, random.Float64() * 40} }; id % 7 {
		case 0:
			s.mask.invert()
		case 1:
			clear(s.mask.share)
		default:
			s.mask.stroke(at(), at(), Tip{Across: 5, Down: 5, Soft: id%2 == 0, Erase: id%5 == 0})
		}
		if s.end(id, "Paint") {
			kept[id] = slices.Clone(s.mask.share)
		}
		if id == 30 { // what was undone is gone once something else is done
			if err := s.move(24); err != nil {
				t.Fatal(err)
			}
		}
	}
	if s.find(26) >= 0 || s.find(24) < 0 {
		t.Error("states after the one that was gone back to are kept")
	}
	for range 100 {
		one := s.states[random.IntN(len(s.states))]
		if err := s.move(one.ID); err != nil || !slices.Equal(s.mask.share, kept[one.ID]) {
			t.Fatalf("state %d is another one now (%v)", one.ID, err)
		}
	}
	for i := range s.states {
		if !slices.Equal(s.in(i).share, kept[s.states[i].ID]) {
			t.Fatalf("state %d read from afar is another one", s.states[i].ID)
		}
	}
	s.begin()
	if s.end(99, "Nothing") {
		t.Error("a change that changes nothing is a state")
	}
	if err := s.move(77); err == nil {
		t.Error("a state that there never was is gone to")
	}
}

func TestTheOldestStatesGo(t *testing.T) {
	s := newSheet(4, 4, "mean", 1)
	for id := 2; id < mostStates+50; id++ {
		s.begin()
		s.mask.share[id%16] ^= uint8(id)
		s.end(id, "Paint")
	}
	if len(s.states) != mostStates || s.states[s.at].ID != mostStates+49 {
		t.Errorf("%d states, the last one %d", len(s.states), s.states[s.at].ID)
	}
}
