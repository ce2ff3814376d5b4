package control

import (
	"encoding/csv"
	"errors"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"picasso/backend/picture"
	"picasso/ui/control/listing"
	"picasso/ui/drawing"
)

func TestLaneScoresTheOthersWhenIdle(t *testing.T) {
	bubble(t, func(d *desk) {
		d.opened()
		d.AddPicture(grey("a", 10))
		d.AddPicture(grey("odd", 20))
		d.AddPicture(grey("b", 250))
		d.q.pass(500 * time.Millisecond)
		if d.State().Images[1].Best != nil {
			t.Error("the lane did not wait for the current picture")
		}
		d.q.pass(30 * time.Second)
		s := d.State()
		if s.Images[1].Best == nil || s.Images[1].Best[0].Name != "black" || d.Thumb(s.Images[1]) == nil {
			t.Errorf("first other picture: %+v", s.Images[1])
		}
		if s.Images[2].Err == nil || d.Thumb(s.Images[2]) == nil {
			t.Error("a picture that does not fit must say so and still be seen")
		}
		calls := d.models["m.onnx"].calls.Load()
		d.q.pass(30 * time.Second)
		if d.models["m.onnx"].calls.Load() != calls {
			t.Error("the lane never rests")
		}
	})
}

func TestRemoveKeepsTheSelection(t *testing.T) {
	bubble(t, func(d *desk) {
		d.opened()
		d.AddPicture(grey("a", 10))
		d.AddPicture(grey("b", 250))
		d.q.pass(30 * time.Second)
		d.Remove(0)
		if s := d.State(); s.Current != 1 || s.Images[s.Current].Name != "b" {
			t.Errorf("current %d of %d", s.Current, len(s.Images))
		}
		d.Remove(1)
		d.q.pass(30 * time.Second)
		if s := d.State(); s.Current != 0 || s.Look == nil || s.Look.ID != s.Images[0].ID {
			t.Errorf("after removing the current one: %d, look %v", s.Current, s.Look)
		}
		d.Remove(0)
		d.q.pass(time.Second)
		if s := d.State(); s.Current != -1 || s.Look != nil || s.Panel().Result != nil {
			t.Errorf("an empty list still shows %v", s.Look)
		}
	})
}

func TestProbeShowsTheCoveredPicture(t *testing.T) {
	bubble(t, func(d *desk) {
		d.opened()
		d.q.pass(10 * time.Second)
		if !d.ProbeAt(3, 3) || d.State().Probe.Ranked[0].Name != "black" {
			t.Fatalf("probe %+v", d.State().Probe)
		}
		d.ProbeAt(4, 4)
		if d.State().Probe != nil {
			t.Error("the same window again must close the probe")
		}
		if d.ProbeAt(-1, 3) {
			t.Error("there is no window outside the picture")
		}
	})
}

func TestGridHasOneScale(t *testing.T) {
	bubble(t, func(d *desk) {
		d.opened()
		d.AddPicture(grey("a", 10))
		d.q.pass(30 * time.Second)
		d.SelectTab(1)
		d.q.pass(30 * time.Second)
		_ = d.SetValue(1, "steps", 3)
		d.OpenGrid(d.State().Panel())
		d.q.pass(30 * time.Second)
		g := d.State().Grid
		if g == nil || g.Done != 2 || len(g.Rows[1].Extents) != 2 {
			t.Fatalf("grid %+v", g)
		}
		if g.Range != (drawing.Range{Lo: -3, Hi: 3}) {
			t.Errorf("scale %v, want −3…3", g.Range)
		}
		d.CloseGrid()
		d.q.pass(30 * time.Second)
		if d.State().Grid != nil || d.State().Panel().Status != Ready {
			t.Error("closing the table did not bring the picture back")
		}
	})
}

func TestStopEndsTheGrid(t *testing.T) {
	bubble(t, func(d *desk) {
		d.opened()
		d.AddPicture(grey("a", 10))
		d.q.pass(30 * time.Second)
		d.SelectTab(1)
		d.OpenGrid(d.State().Panel())
		d.q.pass(1500 * time.Millisecond)
		if !d.Busy() {
			t.Fatal("the table is being filled, yet nothing is busy")
		}
		d.Controller.Stop()
		d.q.pass(30 * time.Second)
		if g := d.State().Grid; g == nil || g.Done != 0 || d.Busy() {
			t.Errorf("grid %+v busy %v", g, d.Busy())
		}
	})
}

func TestLargePicturesAreNotKept(t *testing.T) {
	var l looks
	for i := range 20 {
		l.put(&Look{ID: i, Image: grey("small", 1), Shown: image.NewRGBA(image.Rect(0, 0, 8, 8))})
	}
	if len(l.list) != keptLooks || l.list[0].ID != 19 {
		t.Errorf("%d small pictures kept", len(l.list))
	}
	huge := &image.RGBA{Pix: make([]uint8, 300<<20), Stride: 4, Rect: image.Rect(0, 0, 1, 1)}
	for i := range 3 {
		l.put(&Look{ID: 100 + i, Image: grey("huge", 1), Shown: huge})
	}
	if len(l.list) != 1 || l.get(frame{picture: 102}) == nil {
		t.Errorf("%d huge pictures kept, want the newest", len(l.list))
	}
}

// decoded adds n pictures that count how often they are decoded.
func decoded(d *desk, n int) []int {
	looks := make([]int, n)
	var mu sync.Mutex
	for i := range n {
		m := grey(fmt.Sprintf("p%04d.png", i), float32(i%251))
		d.add(&Picture{Name: m.Name, open: func() (*picture.Image, error) {
			mu.Lock()
			defer mu.Unlock()
			looks[i]++
			return m, nil
		}})
	}
	d.listed(0)
	return looks
}

// screen draws as much of the list as a screen shows, from a place on.
func screen(d *desk, from int) {
	const most = 30
	for i := from; i < min(from+most, len(d.State().Listed)); i++ {
		at := d.State().Listed[i]
		d.Thumb(d.State().Images[at])
		d.Want(at)
	}
}

// Two thousand pictures are looked at once each, whatever is on the screen; the
// first map comes before all others; and what is scrolled back to is still
// there, within the bound.
func TestThousandsAreLookedAtOnce(t *testing.T) {
	const n = 2000
	bubble(t, func(d *desk) {
		d.Open("m.onnx")
		d.q.pass(time.Second)
		looks := decoded(d, n)
		sum := func() (all int) {
			for _, k := range looks {
				all += k
			}
			return all
		}
		screen(d, 0)
		d.q.pass(900 * time.Millisecond) // the first partial map comes after a second
		if sum() != 1 || d.State().Panel().Result != nil {
			t.Fatalf("%d pictures were decoded before the first map", sum())
		}
		d.q.pass(200 * time.Millisecond)
		if d.State().Panel().Result == nil {
			t.Fatal("no first map")
		}
		if sum() != 30 {
			t.Errorf("while the map becomes finer %d pictures are decoded, want those on the screen", sum())
		}
		for from := 0; from < 120; from += 30 { // scrolls a little while the map becomes finer
			screen(d, from)
			d.q.pass(50 * time.Millisecond)
		}
		d.q.pass(4 * time.Second)
		for from := n - 30; from > 0; from -= 100 { // and to the end and back while answers come in
			screen(d, from)
			d.q.pass(10 * time.Millisecond)
		}
		d.q.pass(time.Minute)
		for i, p := range d.State().Images {
			if p.Best == nil || d.Thumb(p) == nil {
				t.Fatalf("picture %d has no answer or thumbnail", i)
			}
		}
		for from := 0; from < n; from += 30 {
			screen(d, from)
			d.q.pass(20 * time.Millisecond)
		}
		if got := sum(); float64(got) > 1.1*n {
			t.Errorf("%d looks at %d pictures", got, n)
		}
		if d.thumbs.Bytes() > thumbBytes {
			t.Errorf("thumbnails take %d bytes", d.thumbs.Bytes())
		}
	})
}

// Without a model only what is on the screen is decoded; the rest comes with its
// answer.
func TestWithoutAModelOnlyTheScreenIsDecoded(t *testing.T) {
	bubble(t, func(d *desk) {
		looks := decoded(d, 200)
		screen(d, 50)
		d.q.pass(time.Second)
		sum := 0
		for i, k := range looks {
			if sum += k; k > 0 && i > 0 && (i < 50 || i >= 80) {
				t.Errorf("picture %d was decoded", i)
			}
		}
		if sum != 31 {
			t.Errorf("%d pictures were decoded, want the current one and a screen", sum)
		}
	})
}

// The list follows its order and filter, and the arrow keys follow the list.
func TestTheListIsOrderedAndFiltered(t *testing.T) {
	bubble(t, func(d *desk) {
		d.opened() // white 200
		d.AddPicture(grey("b10", 10))
		d.AddPicture(grey("b9", 250))
		d.AddPicture(grey("a", 130))
		d.q.pass(30 * time.Second)
		names := func() (out []string) {
			for _, i := range d.State().Listed {
				out = append(out, d.State().Images[i].Name)
			}
			return out
		}
		for _, c := range []struct {
			l    listing.Listing
			want string
		}{
			{listing.Listing{By: listing.Name}, "[a b9 b10 white]"},
			{listing.Listing{By: listing.Confidence}, "[b9 b10 white a]"}, // 0.98, 0.96, 0.78, 0.51
			{listing.Listing{By: listing.Confidence, Reverse: true}, "[a white b10 b9]"},
			{listing.Listing{By: listing.Answer, Filter: ">0.6"}, "[b10 b9 white]"},
		} {
			d.SetListing(c.l)
			if got := fmt.Sprint(names()); got != c.want {
				t.Errorf("%+v: %s, want %s", c.l, got, c.want)
			}
		}
		d.Step(-9)
		if p := d.State().Selected(); p.Name != "b10" {
			t.Errorf("the first one is %s", p.Name)
		}
		d.Step(1)
		if p := d.State().Selected(); p.Name != "b9" {
			t.Errorf("the next one is %s", p.Name)
		}
		d.SetListing(listing.Listing{Filter: "white"})
		d.AddPicture(grey("new", 100))
		if d.State().Listing.Filter != "" || len(d.State().Listed) != 5 {
			t.Errorf("a picture that was just added is hidden: %v by %q", names(), d.State().Listing.Filter)
		}
	})
}

// An order by answers follows them while they come in, but not all the time.
func TestTheOrderFollowsAnswers(t *testing.T) {
	bubble(t, func(d *desk) {
		d.opened()
		d.q.pass(30 * time.Second)
		d.models["m.onnx"].delay = 100 * time.Millisecond
		d.SetListing(listing.Listing{By: listing.Confidence})
		for i := range 20 {
			d.add(&Picture{Name: fmt.Sprint(i), open: func() (*picture.Image, error) { return grey("x", float32(130+i)), nil }})
		}
		d.listed(-1)
		before := d.view.count(ImagesChanged)
		d.q.pass(30 * time.Second)
		if n := d.view.count(ImagesChanged) - before; n < 3 || n > 6 {
			t.Errorf("in two seconds of answers the list was arranged %d times", n)
		}
		s := d.State()
		for k, i := range s.Listed[1:] {
			if s.Images[i].Best[0].Probability > s.Images[s.Listed[k]].Best[0].Probability {
				t.Fatalf("place %d is surer than the one before", k+1)
			}
		}
	})
}

func TestPredictionsAreSaved(t *testing.T) {
	dir := t.TempDir()
	var paths []string
	for _, name := range []string{"white/=1+1.png", "black/b.png", "other/b.png"} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(greyPNG(t, "x.png", 8), path); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	bubble(t, func(d *desk) {
		out := filepath.Join(dir, "out.csv")
		d.ExportPredictions(out)
		if !errors.Is(d.State().Notice.Err, ErrNoModel) {
			t.Errorf("without a model: %+v", d.State().Notice)
		}
		d.Open("logits.onnx")
		d.q.pass(time.Second)
		d.AddImages(paths)
		d.q.pass(30 * time.Second)
		if s := d.State(); !s.Labelled() || !s.Images[0].Wrong() || s.Images[1].Wrong() || s.Images[2].Shows.Any() {
			t.Fatalf("labels %v %v %v", s.Images[0].Shows, s.Images[1].Shows, s.Images[2].Shows)
		}
		d.ExportPredictions(out)
		d.q.pass(time.Second)
		f, err := os.Open(out)
		if err != nil {
			t.Fatalf("%v, %+v", err, d.State().Notice)
		}
		defer f.Close()
		lines, err := csv.NewReader(f).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		want := [][]string{
			{"image", "slice", "label_from_folder", "wrong", "class_1", "index_1", "probability_1", "logit_1", "class_2"},
			{"white/=1+1.png", "", "white", "true", "black", "1", "1", "4", "white"},
			{"black/b.png", "", "black", "false", "black", "1", "1", "4", "white"},
			{"other/b.png", "", "", "", "black", "1", "1", "4", "white"},
		}
		if len(lines) != len(want) {
			t.Fatalf("%d lines: %q", len(lines), lines)
		}
		for i, line := range want {
			if got := lines[i][:len(line)]; !slices.Equal(got, line) {
				t.Errorf("line %d: %q, want %q", i, got, line)
			}
		}
		d.SetListing(listing.Listing{Wrong: true})
		d.ExportPredictions(out)
		d.q.pass(time.Second)
		if n := d.State().Notice; !strings.Contains(n.Text, "1 of 3 pictures") {
			t.Errorf("says %q", n.Text)
		}
		d.ExportPredictions(paths[0])
		d.q.pass(time.Second)
		if n := d.State().Notice; n.Err == nil || !strings.Contains(n.Err.Error(), "open here") {
			t.Errorf("a picture that is open is replaced: %+v", n)
		}
	})
}
