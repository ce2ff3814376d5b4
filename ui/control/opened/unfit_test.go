package opened

import (
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"picasso/backend"
	"picasso/backend/fixtures/nodule"
	"picasso/backend/infer"
	"picasso/backend/ort/orttest"
	"picasso/backend/picture/dicom"
	"picasso/ui/control"
	"picasso/ui/report/pacs"
	"picasso/ui/uitest"
	"picasso/visualizers"
	_ "picasso/visualizers/methods"
)

// desk is the window's state with the network for nodules open.
type desk struct {
	*control.Controller
	t *testing.T
	q *uitest.Queue
}

// newDesk opens the network with so many channels.
func newDesk(t *testing.T, channels int) *desk {
	t.Helper()
	data, err := nodule.Network([3]int{24, 40, 48}, channels, false).Encode()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	model := filepath.Join(folder, "nodule.onnx")
	sidecar := []byte(`{"labels": ["healthy", "nodule"], "preprocess": {"range": [-1000, 200], "clip": [0, 1]}}`)
	if err := errors.Join(os.WriteFile(model, data, 0o600), os.WriteFile(filepath.Join(folder, "nodule.picasso.json"), sidecar, 0o600)); err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t, q: uitest.NewQueue()}
	d.Controller = control.New(control.Params{
		Open: With(orttest.Runtime(t), backend.ModelOptions{Provider: infer.CPU}), Do: d.q.Do, Delay: time.Millisecond, Visualizers: visualizers.All(),
	})
	t.Cleanup(d.Close)
	d.Settings().ResearchUse = true
	d.Drop([]string{model})
	d.q.Until(t, "the model", func() bool { return d.State().Model != nil })
	return d
}

// laidDown writes files into a folder of the test's own.
func laidDown(t *testing.T, files [][]byte) string {
	t.Helper()
	folder := t.TempDir()
	for i, data := range files {
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("IM%03d", i)), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// dropped drops a file or folder, waits until it was answered or refused, and gives all
// that was said: notices, and the remarks beside the picture.
func (d *desk) dropped(path string) (said string, answered bool) {
	d.t.Helper()
	d.Drop([]string{path})
	s := d.State()
	d.q.Until(d.t, "an answer or a refusal", func() bool {
		p := s.Selected()
		answered = p != nil && s.Look.Answered() && s.Look.ID == p.ID
		return p != nil && !s.Looking && (answered || p.Err != nil || s.Notice != nil && s.Notice.Err != nil)
	})
	var all []string
	for _, n := range append(slices.Clone(s.Earlier), s.Notice) {
		if n != nil {
			all = append(all, n.Doing, n.Text, fmt.Sprint(n.Err))
		}
	}
	if err := s.Selected().Err; err != nil {
		all = append(all, err.Error())
	}
	if answered {
		all = append(all, s.Look.Image.Notes...)
	}
	return strings.Join(all, "\n"), answered
}

// Series that are no even stack of enough slices are used with a remark, or refused with
// what to do.
func TestUnfitSeries(t *testing.T) {
	body := nodule.NewBody(1, true)
	for _, c := range nodule.Unfit {
		d := newDesk(t, 1)
		said, answered := d.dropped(laidDown(t, body.Slices(c.Change)[:c.Slices]))
		if answered == c.Refused {
			t.Errorf("%s: answered %v: %s", c.Name, answered, said)
		}
		if c.Refused && strings.Contains(said, "explain slice") {
			t.Errorf("%s: a volume is refused as if it were a slice: %s", c.Name, said)
		}
		for _, part := range c.Says {
			if !strings.Contains(said, part) {
				t.Errorf("%s: said is %q, without %q", c.Name, said, part)
			}
		}
	}
}

// A photo for a model of volumes is refused with what to open instead.
func TestAPhotoForVolumes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "holiday.png")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(png.Encode(f, image.NewRGBA(image.Rect(0, 0, 60, 50))), f.Close()); err != nil {
		t.Fatal(err)
	}
	said, answered := newDesk(t, 1).dropped(path)
	if answered || !strings.Contains(said, "holiday.png") || !strings.Contains(said, "is one picture, but the model takes volumes; open the whole series") {
		t.Errorf("answered %v: %s", answered, said)
	}
}

// Mixed slices are several entries, each with an answer of its own.
func TestMixedFoldersAreSeveralEntries(t *testing.T) {
	body := nodule.NewBody(1, true)
	d := newDesk(t, 1)
	smaller := func(z int, s *dicom.Slice) {
		if z >= 24 {
			s.Rows, s.Columns, s.Values = 20, 24, s.Values[:480]
		}
	}
	d.dropped(laidDown(t, slices.Concat(body.Slices(smaller), body.Slices(func(_ int, s *dicom.Slice) { s.Root = "2.25.772" }))))
	var names []string
	for _, p := range d.State().Images {
		names = append(names, p.Name)
	}
	slices.Sort(names)
	if want := []string{"CT, 24 slices", "CT, 32 slices", "CT, 8 slices"}; !slices.Equal(names, want) {
		t.Fatalf("the list has %q, want %q", names, want)
	}
	for i := range names {
		d.Select(i)
		d.q.Until(t, "its answer", func() bool { k := d.State().Look; return k.Answered() && k.ID == d.State().Images[i].ID })
	}
}

// A model of two channels says of one series where a series is chosen for each; series
// that do not lie in one place cannot be.
func TestUnfitChannels(t *testing.T) {
	body := nodule.NewBody(1, true)
	d := newDesk(t, 2)
	said, answered := d.dropped(laidDown(t, body.Slices(nil)))
	if answered || !strings.Contains(said, "the model takes 2 channels, but the series has one volume") || !strings.Contains(said, "Scan → Series for the channels of the model…") {
		t.Errorf("answered %v: %s", answered, said)
	}
	d.Drop([]string{laidDown(t, body.Slices(func(_ int, s *dicom.Slice) { s.Root = "2.25.772" })), laidDown(t, body.Slices(func(_ int, s *dicom.Slice) { s.Root = "2.25.773" })[:30])})
	d.q.Until(t, "three series", func() bool { return len(d.ChannelSeries()) == 3 && !d.State().Looking })
	all := d.ChannelSeries()
	for name, c := range map[string]struct {
		of   []*control.Picture
		says string
	}{
		"one": {all[:1], "takes 2 channels, and 1 series were chosen"}, "three": {all, "takes 2 channels, and 3 series were chosen"},
		"elsewhere": {[]*control.Picture{all[0], all[1]}, "has another frame of reference than another channel"}, "fewer slices": {[]*control.Picture{all[0], all[2]}, "has 30 slices, another channel 32"},
	} {
		if err := d.JoinChannels(c.of); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, without %q", name, err, c.says)
		}
	}
	if len(d.State().Images) != 3 {
		t.Errorf("%d entries are left of three", len(d.State().Images))
	}
}

// Of a volume that does not say which study it is of nothing goes into the patient's own,
// and its objects are a study of their own.
func TestWhatNoArchiveTakes(t *testing.T) {
	body := nodule.NewBody(4, true)
	folder := t.TempDir()
	nifti := filepath.Join(folder, "body.nii")
	if err := os.WriteFile(nifti, body.NIfTI(), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path string
		o    pacs.Options
		says string
	}{
		{nifti, pacs.Options{Kinds: []string{pacs.Capture, pacs.Parametric}, Keep: true}, "does not say which study it is of, so nothing can be added to it; choose a new study"},
		{nifti, pacs.Options{Kinds: []string{pacs.Parametric}}, "its objects are a study of their own"},
	} {
		d := newDesk(t, 1)
		if said, answered := d.dropped(c.path); !answered {
			t.Errorf("%s: %s", filepath.Base(c.path), said)
			continue
		}
		d.q.Until(t, "a map", func() bool { return d.State().Panel().Shown() != nil && d.State().Panel().Status == control.Ready })
		s, shown, err := d.Reported()
		if err != nil {
			t.Fatal(err)
		}
		d.DismissAll()
		c.o.Program, c.o.Made, c.o.Width = "Picasso", time.Now(), 300
		d.ExportDICOM(filepath.Join(folder, "out.dcm"), s, shown, c.o, nil)
		d.q.Until(t, "what became of it", func() bool { return d.State().Notice != nil })
		n := d.State().Notice
		if said := fmt.Sprint(n.Text, n.Err); !strings.Contains(said, c.says) {
			t.Errorf("%v of %s: said is %q, without %q", c.o.Kinds, filepath.Base(c.path), said, c.says)
		}
		left, _ := filepath.Glob(filepath.Join(folder, "*.dcm"))
		if (len(left) > 0) != (n.Err == nil) {
			t.Errorf("%v of %s leaves %q", c.o.Kinds, filepath.Base(c.path), left)
		}
	}
}
