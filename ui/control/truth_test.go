package control

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"picasso/backend/picture/dicom"
	"picasso/ui/control/listing"
)

// shelf are pictures of one brightness in a folder of their own, all answered black.
func shelf(t *testing.T, names ...string) (dir string, paths []string) {
	t.Helper()
	dir = t.TempDir()
	for _, name := range names {
		path := filepath.Join(dir, name)
		if err := os.Rename(greyPNG(t, "x.png", 8), path); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return dir, paths
}

func truthFile(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	write(t, path, text)
	return path
}

// shown are the names in the list as it is filtered.
func (d *desk) shown() string {
	var names []string
	for _, i := range d.State().Listed {
		names = append(names, d.State().Images[i].Name)
	}
	return strings.Join(names, " ")
}

// What a dropped file says of pictures is what the list is filtered and sorted by,
// in the words of the model; undo takes it back.
func TestLabelsOfPicturesAreDropped(t *testing.T) {
	dir, paths := shelf(t, "a.png", "b.png", "c.png", "d.png")
	table := truthFile(t, dir, "truth.csv", "filename,label\na.png,White\nb.png,black\nc.png,fish\n")
	bubble(t, func(d *desk) {
		d.Drop(append([]string{"m.onnx", table}, paths...)) // the model is there by its name alone
		d.Open("m.onnx")
		settleReal(d, func() bool {
			return len(d.State().Images) == 4 && d.State().Images[3].Best != nil && d.State().Truth != ""
		})
		s := d.State()
		if s.Truth != "truth.csv" || !s.Labelled() || d.Settings().Labels != table {
			t.Fatalf("the labels come from %q, are remembered as %q; notice %+v", s.Truth, d.Settings().Labels, s.Notice)
		}
		d.SetListing(listing.Listing{Wrong: true})
		if got := d.shown(); got != "a.png" {
			t.Errorf("answers that differ: %s", got)
		}
		d.SetListing(listing.Listing{Filter: "label:black"})
		if got := d.shown(); got != "b.png" {
			t.Errorf("labelled black: %s", got)
		}
		d.SetListing(listing.Listing{By: listing.Label})
		if got := d.shown(); got != "b.png a.png c.png d.png" {
			t.Errorf("by label: %s", got)
		}
		if said := slices.ContainsFunc(append(s.Earlier, s.Notice), func(n *Notice) bool {
			return n != nil && strings.Contains(n.Text, "What 3 of 4 pictures show is taken from truth.csv") && strings.Contains(n.Text, "No class of the model: fish.")
		}); !said {
			t.Errorf("it says %+v", s.Notice)
		}
		if name := d.Undo(); !strings.Contains(name, "truth.csv") || s.Truth != "" || s.Labelled() || d.Settings().Labels != "" {
			t.Errorf("after undoing %q the labels come from %q", name, s.Truth)
		}
		d.Redo()
		settleReal(d, s.Labelled)
		d.SetTruth("")
		if s.Labelled() {
			t.Error("labels that were forgotten are still there")
		}
		d.Undo()
		settleReal(d, s.Labelled)
		d.Clear()
		if s.Truth != "" {
			t.Error("labels of pictures that are gone wait for others")
		}
		d.Undo()
		settleReal(d, s.Labelled)
		if s.Truth != "truth.csv" || !s.Images[0].Wrong() {
			t.Errorf("with its pictures back the list has labels from %q", s.Truth)
		}
	})
}

// A picture may show several classes, and labels may leave some open.
func TestSeveralLabelsOfAPicture(t *testing.T) {
	dir, paths := shelf(t, "a.png", "b.png", "c.png")
	hot := truthFile(t, dir, "hot.csv", "path,white,black\na.png,1,1\nb.png,1,0\nc.png,1,-1\n")
	bubble(t, func(d *desk) {
		d.Open("m.onnx")
		d.q.pass(time.Second)
		d.AddImages(paths)
		d.SetTruth(hot)
		settleReal(d, func() bool { return d.State().Labelled() && d.State().Images[2].Best != nil })
		s := d.State()
		if got := d.LabelWords(s.Images[0]); got != "white, black" {
			t.Errorf("a.png shows %q", got)
		}
		for i, wrong := range []bool{false, true, false} {
			if s.Images[i].Wrong() != wrong {
				t.Errorf("the answer on %s is wrong: %v", s.Images[i].Name, s.Images[i].Wrong())
			}
		}
	})
}

// Labels that fit nothing leave everything as it was, and say why.
func TestLabelsThatFitNothing(t *testing.T) {
	dir, paths := shelf(t, "a.png")
	good := truthFile(t, dir, "good.csv", "path,label\na.png,white\n")
	others := truthFile(t, dir, "others.csv", "path,label\nz.png,white\n")
	classes := truthFile(t, dir, "classes.csv", "path,label\na.png,tench\n")
	bubble(t, func(d *desk) {
		d.SetTruth(good)
		if !errors.Is(d.State().Notice.Err, ErrNoModel) {
			t.Errorf("without a model: %+v", d.State().Notice)
		}
		d.Open("m.onnx")
		d.q.pass(time.Second)
		d.AddImages(paths)
		d.SetTruth(good)
		settleReal(d, d.State().Labelled)
		for path, want := range map[string]string{others: "names z.png", classes: "tench", filepath.Join(dir, "gone.csv"): "gone.csv"} {
			d.DismissAll()
			d.SetTruth(path)
			settleReal(d, func() bool { return d.State().Notice != nil })
			if n := d.State().Notice; n == nil || n.Err == nil || !strings.Contains(n.Err.Error()+n.Doing, want) {
				t.Errorf("%s: %+v", filepath.Base(path), n)
			}
			if d.State().Truth != "good.csv" || !d.State().Labelled() {
				t.Errorf("%s: the labels come from %q", filepath.Base(path), d.State().Truth)
			}
		}
	})
}

// Pictures that are added later have their labels, too, and so has the list after a
// restart.
func TestLabelsFollowTheList(t *testing.T) {
	dir, paths := shelf(t, "a.png", "b.png")
	table := truthFile(t, dir, "truth.csv", "path,label\na.png,white\nb.png,white\n")
	bubble(t, func(d *desk) {
		d.Open("m.onnx")
		d.q.pass(time.Second)
		d.AddImages(paths[:1])
		d.SetTruth(table)
		settleReal(d, d.State().Labelled)
		d.AddImages(paths[1:])
		settleReal(d, func() bool { return d.State().Images[1].Shows.Any() && d.State().Images[1].Best != nil })
		if !d.State().Images[1].Wrong() {
			t.Error("a picture that was added has no label")
		}
		d.OpenSet("m.onnx", paths, 0)
		settleReal(d, func() bool { return d.State().Labelled() })
		if s := d.State(); s.Truth != "truth.csv" || !s.Images[0].Shows.Any() || !s.Images[1].Shows.Any() {
			t.Errorf("after a restart the labels come from %q", s.Truth)
		}
		d.OpenSample("m.onnx", paths, 0, 0)
		d.q.pass(time.Second)
		if d.State().Truth != "" || d.Settings().Labels != "" {
			t.Error("a sample has labels of others")
		}
	})
}

// Series have labels as pictures do: by the folder that is named after a class, theirs
// or the one around it, and by a file that names their folder or a file of theirs. What
// is wrong about them is the mean of their slices.
func TestSeriesHaveLabels(t *testing.T) {
	dir := t.TempDir()
	scan := func(folder, root string) string {
		folder = filepath.Join(dir, filepath.FromSlash(folder))
		if err := os.MkdirAll(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		for i := range 3 {
			s := dicom.Slice{Rows: 8, Columns: 8, Values: make([]int16, 64), Spacing: 2, Thickness: 5,
				Position: [3]float64{0, 0, 5 * float64(i)}, Number: i + 1, Root: root, Center: 40, Width: 400}
			for k := range s.Values {
				s.Values[k] = -1000
			}
			write(t, filepath.Join(folder, fmt.Sprintf("%d.dcm", i)), string(s.Encode()))
		}
		return folder
	}
	folders := []string{scan("white/p1", "2.25.4"), scan("scans/p2", "2.25.5"), scan("scans/p3", "2.25.6"), scan("black", "2.25.7")}
	table := truthFile(t, dir, "truth.csv", "filename,label\nscans/p2,black\nscans/p3/0.dcm,white\n")
	labels := func(d *desk) (all []string) {
		for _, p := range d.State().Images {
			all = append(all, d.LabelWords(p))
		}
		return all
	}
	bubble(t, func(d *desk) {
		d.settings.ResearchUse = true
		d.Open("m.onnx")
		d.q.pass(time.Second)
		d.Drop(folders)
		settleReal(d, func() bool { return len(d.State().Images) == 4 })
		for i, p := range d.State().Images { // all slices of what is looked at have answers
			d.Select(i)
			settleReal(d, func() bool {
				_, ok := p.meanBest()
				return ok
			})
		}
		if got := labels(d); !slices.Equal(got, []string{"black", "", "", "white"}) {
			t.Errorf("by their folders they show %q", got)
		}
		d.Drop([]string{table})
		settleReal(d, func() bool { return d.State().Truth != "" })
		if got := labels(d); !slices.Equal(got, []string{"black", "black", "white", "white"}) {
			t.Errorf("by the table they show %q", got)
		}
		var wrong []bool
		for _, p := range d.State().Images {
			wrong = append(wrong, p.Wrong())
		}
		if want := []bool{false, false, true, true}; !slices.Equal(wrong, want) { // all are dark
			t.Errorf("wrong are %v, want %v", wrong, want)
		}
		d.SetListing(listing.Listing{Wrong: true})
		if got := len(d.State().Listed); got != 2 {
			t.Errorf("the list shows %d wrong ones", got)
		}
		p := d.State().Images[3]
		p.Answers[1] = Answered{}
		if p.Wrong() {
			t.Error("a series is wrong before all its slices have an answer")
		}
		p.Answers[1] = Answered{Err: errors.New("damaged")}
		if !p.Wrong() {
			t.Error("a slice that cannot be read keeps its series from being judged")
		}
	})
}
