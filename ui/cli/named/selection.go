package named

import (
	"errors"
	"flag"
	"fmt"
	"strconv"
	"strings"
)

// Selection is the part of a scan that is meant: a frame, or some slices.
// Both count from 0, as in Python.
type Selection struct {
	frame  *int
	slices *span
	stored *int   // in the order of the file
	volume string // by name or number
	unit   string // of the values, "" for the file's
	// together are names of the series of a folder that are the volumes of one; nil for
	// none.
	together []string

	Memory int64 // in bytes that a picture may take, 0 for the usual
}

// Declare adds the flags that choose among frames, slices and volumes, and the
// one that bounds memory.
func (s *Selection) Declare(fs *flag.FlagSet) {
	s.DeclareFrame(fs)
	fs.Func("slices", "for a scan, the slices `A:B` in their order: from A up to but not including B, counted from 0; negative numbers count from the end (5:10, :3, -2:, or : for all)", s.setSlices)
}

// DeclareChannels adds the flag that makes one series of those in a folder.
func (s *Selection) DeclareChannels(fs *flag.FlagSet) {
	fs.Func("channels", "for a folder with a series for each channel of a model (T1, T2, FLAIR): `names` of them in their order, each a word of the series' or file's name, such as flair,t1,t1ce,t2", func(text string) error {
		for _, name := range strings.Split(text, ",") {
			if name = strings.TrimSpace(name); name == "" {
				return errors.New("give names with commas between them, such as flair,t1,t1ce,t2")
			}
			s.together = append(s.together, name)
		}
		return nil
	})
}

// Channels is how many series were named for the channels of a model, 0 for none.
func (s *Selection) Channels() int { return len(s.together) }

// DeclareFrame is Declare without the flag for several slices.
func (s *Selection) DeclareFrame(fs *flag.FlagSet) {
	fs.Func("frame", "the `number` of the frame in a file with several frames, or of the slice of a scan; the first is 0, negative numbers count from the end", s.setFrame)
	s.declareVolume(fs)
	DeclareMemory(fs, &s.Memory)
}

func (s *Selection) setFrame(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil {
		return errors.New("give a whole number; the first frame is 0")
	}
	s.frame = &n
	return nil
}

func (s *Selection) setSlices(text string) error {
	from, to, ok := strings.Cut(text, ":")
	out := &span{}
	var errFrom, errTo error
	if from != "" {
		out.from = new(int)
		*out.from, errFrom = strconv.Atoi(from)
	}
	if to != "" {
		out.to = new(int)
		*out.to, errTo = strconv.Atoi(to)
	}
	if !ok || errFrom != nil || errTo != nil {
		return errors.New("give A:B with whole numbers, for example 5:10; the first slice is 0, and B is not included")
	}
	s.slices = out
	return nil
}

// Check refuses flags that contradict each other.
func (s *Selection) Check() error {
	if s.frame != nil && s.slices != nil {
		return fmt.Errorf("--frame and --slices cannot be used together")
	}
	return s.checkVolume()
}

// of gives the chosen ones of n slices, all without a choice.
func (s *Selection) of(n int) ([]int, error) {
	lo, hi := 0, n
	switch {
	case s.frame != nil:
		i, ok := place(*s.frame, n)
		if !ok {
			return nil, fmt.Errorf("has no slice %d; choose one of 0 to %d", *s.frame, n-1)
		}
		lo, hi = i, i+1
	case s.slices != nil:
		if lo, hi = s.slices.bounds(n); lo >= hi {
			return nil, fmt.Errorf("has no slices in %s; its slices are 0 to %d", s.slices, n-1)
		}
	}
	out := make([]int, 0, hi-lo)
	for i := lo; i < hi; i++ {
		out = append(out, i)
	}
	return out, nil
}

// place is the index that a number stands for, counted from the end where it
// is negative.
func place(i, n int) (int, bool) {
	if i < 0 {
		i += n
	}
	return i, i >= 0 && i < n
}

// span is a range as Python writes it; nil ends are open.
type span struct{ from, to *int }

func (s *span) String() string {
	end := func(p *int) string {
		if p == nil {
			return ""
		}
		return strconv.Itoa(*p)
	}
	return end(s.from) + ":" + end(s.to)
}

// bounds are the first slice and the one behind the last, of n.
func (s *span) bounds(n int) (lo, hi int) {
	end := func(p *int, open int) int {
		switch {
		case p == nil:
			return open
		case *p < 0:
			return max(*p+n, 0)
		}
		return min(*p, n)
	}
	return end(s.from, 0), end(s.to, n)
}
