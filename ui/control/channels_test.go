package control

import (
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
