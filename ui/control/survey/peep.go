package survey

import (
	"context"
	"errors"
	"image"
	"image/color"
	"slices"

	"golang.org/x/image/draw"

	"picasso/ui/auditing"
	"picasso/ui/control/kept"
	"picasso/ui/control/task"
	"picasso/ui/report/digest"
)

// wish is a small picture that is looked at: of a row, or the mean of a way.
type wish struct {
	row        int // −1 for a mean
	class, way int // of [audit.Analysis.Classes] and its ways
	large      bool
	mapped     bool // below its map
	bare       bool // the map alone
}

// Sides of small pictures in pixels.
const (
	smallSide = 128
	largeSide = 320
	// mostMeant is how many pictures the mean picture of a way is made of.
	mostMeant = 60
	// mostWishes is more than a screen shows; older ones have scrolled away.
	mostWishes = 128
)

// Small is a small picture of a row, below its map where that is asked for. While it is
// not the last, the right one comes; until then it is the other one, or nil.
func (s *Controller) Small(row int, mapped bool) (m *image.RGBA, last bool) {
	if m = s.peep(wish{row: row, mapped: mapped}); m != nil {
		return m, true
	}
	if p, ok := s.small.Get(wish{row: row, mapped: !mapped}); ok {
		m = p.Open()
	}
	return m, false
}

// Bare is the map of a row without its picture, nil while there is none: it comes.
func (s *Controller) Bare(row int) *image.RGBA { return s.peep(wish{row: row, bare: true}) }

// Large is a somewhat larger one.
func (s *Controller) Large(row int) *image.RGBA { return s.peep(wish{row: row, large: true}) }

// Mapless reports whether there is no map of a row to show alone.
func (s *Controller) Mapless(row int) bool { return s.failing[wish{row: row, bare: true}] }

// MeanPicture is the mean of the most typical pictures of a way, nil while there is
// none: it comes.
func (s *Controller) MeanPicture(class, way int) *image.RGBA {
	return s.peep(wish{row: -1, class: class, way: way})
}

// Meant is how many pictures a mean picture of n is made of.
func Meant(n int) int { return min(n, mostMeant) }

// Unshown reports whether the picture of a row cannot be shown.
func (s *Controller) Unshown(row int) bool {
	r := s.state.Result
	return r == nil || row < 0 || row >= len(r.Cases) || r.Cases[row] == nil || s.failing[wish{row: row}] || s.failing[wish{row: row, mapped: true}]
}

func (s *Controller) peep(w wish) *image.RGBA {
	if w.large && w == s.largest {
		return s.large
	}
	if p, ok := s.small.Get(w); ok {
		return p.Open()
	}
	if r := s.state.Result; r != nil && (w.bare || r.Shows()) && !s.failing[w] && !slices.Contains(s.wishes, w) {
		s.wishes = append(s.wishes, w)
		s.wishes = s.wishes[max(0, len(s.wishes)-mostWishes):]
		s.look()
	}
	return nil
}

// look makes the pictures that are wished for, the latest first. They wait while the
// audit runs.
func (s *Controller) look() {
	r := s.state.Result
	if s.peeping.Running() || len(s.wishes) == 0 || r == nil {
		return
	}
	w := s.wishes[len(s.wishes)-1]
	serial := s.state.Serial
	type made struct {
		whole *image.RGBA
		kept.Picture
	}
	task.Start(s.peeping, func(ctx context.Context, _ func(func())) (made, error) {
		m, err := w.make(ctx, r)
		if err != nil || w.large {
			return made{whole: m}, err
		}
		return made{Picture: kept.Shrink(m)}, nil
	}, func(p made, err error) {
		if serial == s.state.Serial {
			s.wishes = slices.DeleteFunc(s.wishes, func(o wish) bool { return o == w })
			switch {
			case err != nil:
				s.failing[w] = true
			case w.large:
				s.largest, s.large = w, p.whole
			default:
				s.small.Put(w, p.Picture)
			}
			s.changed()
		}
		s.look()
	})
}

func (w wish) make(ctx context.Context, r *auditing.Result) (*image.RGBA, error) {
	if w.row < 0 {
		return mean(ctx, r, r.Digest.Analysis.Classes[w.class].Ways[w.way].Items)
	}
	if w.bare {
		cells := r.Digest.Sample.Map(w.row)
		if cells == nil {
			return nil, errNoMap
		}
		white := image.NewRGBA(image.Rect(0, 0, smallSide, smallSide))
		draw.Draw(white, white.Rect, image.White, image.Point{}, draw.Src)
		return digest.Overlaid(white, cells), nil
	}
	m, err := r.Open(ctx, w.row)
	if err != nil {
		return nil, err
	}
	if w.large {
		return digest.Small(m, largeSide), nil
	}
	small := digest.Small(m, smallSide)
	if w.mapped {
		small = digest.Overlaid(small, r.Digest.Sample.Map(w.row))
	}
	return small, nil
}

// errNoMap is why a row has no map alone; nobody sees it.
var errNoMap = errors.New("the row has no map")

// mean is the mean of the first pictures, each stretched to a square as their maps
// are.
func mean(ctx context.Context, r *auditing.Result, items []int) (*image.RGBA, error) {
	sum, n := make([]int, smallSide*smallSide*4), 0
	var last error
	for _, i := range items[:min(len(items), mostMeant)] {
		m, err := r.Open(ctx, i)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			last = err
			continue
		}
		full := m.RGBA()
		square := image.NewRGBA(image.Rect(0, 0, smallSide, smallSide))
		draw.BiLinear.Scale(square, square.Rect, full, full.Rect, draw.Src, nil)
		for k, v := range square.Pix {
			sum[k] += int(v)
		}
		n++
	}
	if n == 0 {
		return nil, last
	}
	out := image.NewRGBA(image.Rect(0, 0, smallSide, smallSide))
	for k := 0; k < len(sum); k += 4 {
		out.SetRGBA(k/4%smallSide, k/4/smallSide, color.RGBA{uint8(sum[k] / n), uint8(sum[k+1] / n), uint8(sum[k+2] / n), 255})
	}
	return out, nil
}
