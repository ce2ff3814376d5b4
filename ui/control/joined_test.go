package control

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"picasso/backend/fixtures/nodule"
)

// pair is a model of volumes of two channels.
type pair struct{ cube }

func (*pair) Shape() (int, int, int) { return 2, 4, 2 }

// Series of the list become the volumes of one entry, where they lie at one place.
func TestSeriesBecomeChannels(t *testing.T) {
	bubble(t, func(d *desk) {
		folder := t.TempDir()
		values := nodule.NewBody(1, false).Values
		for name, left := range map[string]float64{"a": 47, "b": 47, "c": 57} {
			data := nodule.NIfTI(values, nodule.Size, [3][4]float64{{0, 0, -2, left}, {0, -2, 0, 39}, {2, 0, 0, 0}})
			if err := os.WriteFile(filepath.Join(folder, name+".nii"), data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		d.settings.ResearchUse = true
		d.Open("m.onnx")
		d.Drop([]string{filepath.Join(folder, "a.nii"), filepath.Join(folder, "b.nii"), filepath.Join(folder, "c.nii")})
		d.q.pass(30 * time.Second)
		all := d.ChannelSeries()
		if len(all) != 3 || d.ChannelCount() != 0 {
			t.Fatalf("%d series, %d channels of a model of pictures", len(all), d.ChannelCount())
		}
		if err := d.JoinChannels(all[:1]); err == nil {
			t.Error("a model of pictures got a channel")
		}
		was := d.state.Model
		d.state.Model = &pair{}
		if n := d.ChannelCount(); n != 2 {
			t.Errorf("%d channels", n)
		}
		if err := d.JoinChannels(all[1:]); err == nil || !strings.Contains(err.Error(), "lies 10 mm beside another channel") || len(d.State().Images) != 3 {
			t.Errorf("%v, %d entries", err, len(d.State().Images))
		}
		if err := d.JoinChannels([]*Picture{all[0], nil}); err == nil || !strings.Contains(err.Error(), "for each channel") {
			t.Error(err)
		}
		err := d.JoinChannels(all[:2])
		d.state.Model = was
		p := d.State().Selected()
		if err != nil || len(d.State().Images) != 4 || len(p.Volumes()) != 2 || p.Slices() != nodule.Size[0] || !strings.HasPrefix(p.Volumes()[1].Name, "channel 2: ") {
			t.Errorf("%v, %d entries, %+v", err, len(d.State().Images), p)
		}
		d.q.pass(30 * time.Second)
		if k := d.State().Look; k == nil || k.ID != p.ID || len(d.ChannelSeries()) != 3 {
			t.Errorf("%+v is shown of %s", k, p.Name)
		}
	})
}

// joinedSession saves a session of two series, and of an entry that has both as channels.
func joinedSession(t *testing.T, folder string) string {
	t.Helper()
	place := [3][4]float64{{0, 0, -2, 47}, {0, -2, 0, 39}, {2, 0, 0, 0}}
	for seed, name := range []string{"t1", "flair"} {
		if err := os.WriteFile(filepath.Join(folder, name+".nii"), nodule.NIfTI(nodule.NewBody(uint64(seed), false).Values, nodule.Size, place), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(folder, "two.picasso")
	bubble(t, func(d *desk) {
		d.settings.ResearchUse = true
		d.Drop([]string{filepath.Join(folder, "t1.nii"), filepath.Join(folder, "flair.nii")})
		settleReal(d, func() bool { return len(d.State().Images) == 2 })
		d.state.Model = &pair{}
		all := d.ChannelSeries()
		if err := d.JoinChannels([]*Picture{all[1], all[0]}); err != nil {
			t.Fatal(err)
		}
		d.state.Model = nil
		d.SelectVolume(1)
		d.SelectSlice(9)
		settleReal(d, func() bool { k := d.State().Look; return k != nil && k.Slice == 9 })
		d.SaveSession(path, true)
		settleReal(d, func() bool { _, err := os.Stat(path); return err == nil })
	})
	return path
}

// reopened opens a session and gives what was told.
func (d *desk) reopened(path string) string {
	d.settings.ResearchUse = true
	d.OpenSession(path, "")
	settleReal(d, func() bool { return d.State().Reading == nil })
	var told []string
	for _, n := range append(d.State().Earlier, d.State().Notice) {
		if n != nil {
			told = append(told, n.Doing, n.Text, fmt.Sprint(n.Err))
		}
	}
	return strings.Join(told, "\n")
}

// A session keeps which series are the channels of an entry, and in which order.
func TestChannelsAreKeptInSessions(t *testing.T) {
	folder := t.TempDir()
	path := joinedSession(t, folder)
	if data, err := os.ReadFile(path); err != nil || !strings.Contains(string(data), `"format": 2`) || strings.Contains(string(data), folder) {
		t.Fatalf("%v\n%s", err, data)
	}
	moved := filepath.Join(t.TempDir(), "moved")
	if err := os.Rename(folder, moved); err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(moved, "two.picasso")
	bubble(t, func(d *desk) {
		if told := d.reopened(path); told != "" {
			t.Errorf("told %s", told)
		}
		s := d.State()
		if len(s.Images) != 3 || s.Current != 2 {
			t.Fatalf("%d entries, looking at %d", len(s.Images), s.Current)
		}
		p := s.Selected()
		if p.Name != "t1, 32 slices + flair, 32 slices" || len(p.Volumes()) != 2 || p.Volumes()[0].Name != "channel 1: t1, 32 slices" || p.Volume != 1 || p.Slice != 9 {
			t.Errorf("%q, volume %d, slice %d: %+v", p.Name, p.Volume, p.Slice, p.Volumes())
		}
		if at, _ := p.Series.Path(9); filepath.Base(at) != "flair.nii" {
			t.Errorf("channel 2 is of %s", filepath.Base(at))
		}
	})
}

// Of a series that has gone, or is another now, the entry is not made of the rest, and
// that is told.
func TestAChannelThatHasGone(t *testing.T) {
	folder := t.TempDir()
	path := joinedSession(t, folder)
	for name, c := range map[string]struct {
		change func(at string) error
		says   []string
		left   int
	}{
		"gone": {os.Remove, []string{"channel 2 of 2, flair.nii, was not found", "Find files of the session"}, 1},
		"other": {func(at string) error {
			return os.WriteFile(at, nodule.NIfTI(make([]float32, 64), [3]int{4, 4, 4}, [3][4]float64{{0, 0, -2, 47}, {0, -2, 0, 39}, {2, 0, 0, 0}}), 0o600)
		},
			[]string{"join the series of an entry", "Not the files that were saved", "flair.nii"}, 2},
	} {
		at := filepath.Join(folder, "flair.nii")
		before, err := os.ReadFile(at)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.change(at); err != nil {
			t.Fatal(err)
		}
		bubble(t, func(d *desk) {
			told := d.reopened(path)
			for _, want := range c.says {
				if !strings.Contains(told, want) {
					t.Errorf("%s: told %s, without %q", name, told, want)
				}
			}
			if len(d.State().Images) != c.left {
				t.Errorf("%s: %d entries", name, len(d.State().Images))
			}
		})
		if err := os.WriteFile(at, before, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
