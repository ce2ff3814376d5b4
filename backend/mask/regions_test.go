package mask

import (
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"picasso/backend/bounded"
)

// drawn writes a raster of the region 1 as rows of # and dots.
func drawn(r *Regions) string {
	var b strings.Builder
	for y := range r.Height {
		for x := range r.Width {
			b.WriteByte(".#23456789"[r.Pixels[y*r.Width+x]])
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func filled(t *testing.T, height, width int, shapes ...Shape) *Regions {
	t.Helper()
	r := NewRegions(height, width)
	value, err := r.Add("one")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range shapes {
		if err := r.Fill(s, value); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// A pixel belongs to a shape where its centre does, whatever way the shape was
// drawn and wherever it leaves the picture.
func TestShapesFillTheirPixels(t *testing.T) {
	for name, c := range map[string]struct {
		shape Shape
		want  string
	}{
		"rectangle":           {Rectangle{Point{1, 1}, Point{3.4, 3}}, "......\n.##...\n.##...\n......\n"},
		"from the other end":  {Rectangle{Point{3.6, 3}, Point{1, 1}}, "......\n.###..\n.###..\n......\n"},
		"beyond the picture":  {Rectangle{Point{-9, -9}, Point{2, 1e9}}, "##....\n##....\n##....\n##....\n"},
		"ellipse":             {Ellipse{Point{0, 0}, Point{6, 4}}, ".####.\n######\n######\n.####.\n"},
		"triangle":            {Polygon{{0, 0}, {4, 0}, {0, 4}}, "###...\n##....\n#.....\n......\n"},
		"crossing itself":     {Polygon{{0, 0}, {6, 4}, {6, 0}, {0, 4}}, "#....#\n##..##\n##..##\n#....#\n"},
		"a hole":              {Polygons{{{0, 0}, {6, 0}, {6, 4}, {0, 4}}, {{2, 1}, {4, 1}, {4, 3}, {2, 3}}}, "######\n##..##\n##..##\n######\n"},
		"a dot of the brush":  {Stroke{[]Point{{2.5, 1.5}}, 1.1}, "..#...\n.###..\n..#...\n......\n"},
		"a line of the brush": {Stroke{[]Point{{.5, 1.5}, {5.5, 1.5}}, .6}, "......\n######\n......\n......\n"},
		"nothing":             {Polygon{{1, 1}, {3, 3}}, "......\n......\n......\n......\n"},
	} {
		if got := drawn(filled(t, 4, 6, c.shape)); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, c.want)
		}
	}
}

// The brush paints what lies within its radius of its way.
func TestBrushPaintsWithinItsRadius(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		a, b := Point{random.Float64() * 30, random.Float64() * 30}, Point{random.Float64() * 30, random.Float64() * 30}
		radius := random.Float64() * 6
		r := filled(t, 30, 30, Stroke{[]Point{a, b}, radius})
		for i, v := range r.Pixels {
			p := Point{float64(i%30) + .5, float64(i/30) + .5}
			t0 := ((p.X-a.X)*(b.X-a.X) + (p.Y-a.Y)*(b.Y-a.Y)) / ((b.X-a.X)*(b.X-a.X) + (b.Y-a.Y)*(b.Y-a.Y))
			t0 = min(max(t0, 0), 1)
			d := math.Hypot(p.X-a.X-t0*(b.X-a.X), p.Y-a.Y-t0*(b.Y-a.Y))
			if math.Abs(d-radius) > 1e-9 && (d < radius) != (v == 1) {
				t.Fatalf("%v is %g from the way %v–%v of radius %g: %d", p, d, a, b, radius, v)
			}
		}
	}
}

func TestShapesThatAreNone(t *testing.T) {
	nan := math.NaN()
	for _, s := range []Shape{
		Rectangle{Point{nan, 0}, Point{1, 1}}, Ellipse{Point{0, 0}, Point{math.Inf(1), 1}}, Polygon{{0, 0}, {nan, 1}, {1, 0}}, Stroke{[]Point{{0, 0}}, nan},
	} {
		if err := NewRegions(4, 4).Fill(s, 1); !errors.Is(err, ErrShape) {
			t.Errorf("%v: %v", s, err)
		}
	}
	zigzag := make(Polygon, 200_000)
	for i := range zigzag {
		zigzag[i] = Point{float64(i), float64(i%2) * 1e6}
	}
	if err := NewRegions(1000, 10).Fill(zigzag, 1); !errors.Is(err, ErrCrossings) {
		t.Errorf("a zigzag: %v", err)
	}
}

func TestRegionsHaveNames(t *testing.T) {
	r := NewRegions(2, 4)
	lung, _ := r.Add("lung")
	heart, _ := r.Add("heart")
	again, _ := r.Add("lung")
	if lung != again || lung == heart {
		t.Fatalf("values %d, %d, %d", lung, heart, again)
	}
	_ = r.Fill(Rectangle{Point{0, 0}, Point{3, 2}}, lung)
	_ = r.Fill(Rectangle{Point{2, 0}, Point{4, 1}}, heart)
	_ = r.Fill(Rectangle{Point{0, 1}, Point{1, 2}}, 0)
	if got := drawn(r); got != "##22\n.##.\n" {
		t.Errorf("\n%s", got)
	}
	if r.Area(heart) != 2 || r.Bounds(lung).String() != "(0,0)-(3,2)" || r.Mask(heart).Empty() || r.All().Empty() {
		t.Errorf("area %d, bounds %v", r.Area(heart), r.Bounds(lung))
	}
	for i := 3; i <= MostRegions; i++ {
		if _, err := r.Add(strings.Repeat("x", i)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.Add("one more"); err == nil {
		t.Error("more regions than values")
	}
}

// opened are the regions of a file with given content.
func opened(t *testing.T, name, content string, height, width int, picture string) (*Regions, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := Open(t.Context(), path)
	if err != nil {
		return nil, err
	}
	return f.On(t.Context(), Picture{Height: height, Width: width, Name: picture})
}

const ring = "######\n##..##\n##..##\n######\n"

// The same ring as runs, plain and packed, and other ways to say where.
func TestCOCO(t *testing.T) {
	head := `{"images": [{"id": 3, "file_name": "a/other.png", "width": 9, "height": 9}, {"id": 7, "file_name": "a/p.png", "width": 6, "height": 4}],
		"categories": [{"id": 2, "name": "ring"}], "annotations": [{"id": 1, "image_id": 7, "category_id": 2, `
	for name, c := range map[string]struct{ rest, want string }{
		"runs":    {`"segmentation": {"size": [4, 6], "counts": [0, 9, 2, 2, 2, 9]}}]}`, ring},
		"packed":  {`"segmentation": {"size": [4, 6], "counts": "092I07"}}]}`, ring},
		"polygon": {`"segmentation": [[0, 0, 6, 0, 6, 4, 0, 4]]}]}`, "######\n######\n######\n######\n"},
		"parts":   {`"segmentation": [[0, 0, 2, 0, 2, 1, 0, 1], [4, 3, 6, 3, 6, 4, 4, 4]]}]}`, "##....\n......\n......\n....##\n"},
		"box":     {`"bbox": [1, 1, 2, 2]}]}`, "......\n.##...\n.##...\n......\n"},
	} {
		r, err := opened(t, "c.json", head+c.rest, 4, 6, "p.png")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if drawn(r) != c.want || !slices.Equal(r.Names, []string{"ring"}) {
			t.Errorf("%s: %v\n%s", name, r.Names, drawn(r))
		}
	}
	for want, rest := range map[string]string{
		"longer than the picture": `"segmentation": {"size": [4, 6], "counts": [0, 900]}}]}`,
		"before the picture":      `"segmentation": {"size": [4, 6], "counts": [0, 9]}}]}`,
		"4 × 4 pixels":            `"segmentation": {"size": [4, 4], "counts": [16]}}]}`,
		"three corners":           `"segmentation": [[1, 2, 3, 4]]}]}`,
		"neither polygons":        `"segmentation": []}]}`,
		"damaged":                 `"segmentation": {"size": [4, 6], "counts": "0 o"}}]}`,
		"no region lies inside":   `"bbox": [90, 90, 2, 2]}]}`,
	} {
		if _, err := opened(t, "c.json", head+rest, 4, 6, "p.png"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	if _, err := opened(t, "c.json", head+`"bbox": [1, 1, 2, 2]}]}`, 4, 6, "else.png"); err == nil || !strings.Contains(err.Error(), "2 pictures") {
		t.Errorf("another picture: %v", err)
	}
	if _, err := opened(t, "c.json", head+`"bbox": [1, 1, 2, 2]}]}`, 5, 5, "p.png"); err == nil || !strings.Contains(err.Error(), "6 × 4") {
		t.Errorf("another size: %v", err)
	}
}

// What the COCO API's rleToString gives for some runs: numbers of five bits from
// '0' on, differences from the fourth run on.
func TestPackedRuns(t *testing.T) {
	for text, want := range map[string][]int64{
		"":      nil,
		"0":     {0},
		"5":     {5},
		"P1":    {32},            // 0 and more, then 1
		"o0":    {31},            // 31 and more, then 0
		"0922":  {0, 9, 2, 11},   // 2 more than the run before the last
		"09200": {0, 9, 2, 9, 2}, // nothing more
		"0920N": {0, 9, 2, 9, 0}, // two less
	} {
		if got, err := packedRuns(text); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"P", "!", strings.Repeat("o", 40)} {
		if got, err := packedRuns(text); err == nil {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestYOLO(t *testing.T) {
	r, err := opened(t, "l.txt", "0 0.5 0.5 0.5 0.5\n\n2 0 0 1 0 1 0.25 0 0.25\n", 4, 8, "")
	if err != nil || drawn(r) != "22222222\n..####..\n..####..\n........\n" || !slices.Equal(r.Names, []string{"class 0", "class 2"}) {
		t.Errorf("%v: %+v", err, r)
	}
	for want, text := range map[string]string{
		"line 2": "0 .5 .5 .5 .5\n0 .5", "number of a class": "a .5 .5 .5 .5", "not a number": "0 .5 x .5 .5", "no objects": "\n\n", "NaN": "0 NaN .5 .5 .5",
	} {
		if _, err := opened(t, "l.txt", text, 4, 8, ""); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

// Whatever regions there are, every format gives their pixels back; YOLO loses
// their names.
func TestRegionsComeBackFromEveryFormat(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 20 {
		r := NewRegions(13, 17)
		for _, name := range []string{"a", "b"} {
			value, _ := r.Add(name)
			for i := range r.Pixels {
				if random.IntN(3) == 0 {
					r.Pixels[i] = value
				}
			}
		}
		for _, ending := range []string{".png", ".npy", ".json", ".txt"} {
			path := filepath.Join(t.TempDir(), "mask"+ending)
			if err := r.Write(path, Picture{Name: "p.png"}); err != nil {
				t.Fatal(err)
			}
			f, err := Open(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			back, err := f.On(t.Context(), Picture{Height: 13, Width: 17, Name: "p.png"})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(back.All().Inside, r.All().Inside) {
				t.Fatalf("%s:\n%s\nwas\n%s", ending, drawn(back), drawn(r))
			}
			if len(back.Names) == 2 && !slices.Equal(back.Pixels, r.Pixels) {
				t.Fatalf("%s mixes the regions:\n%s\nwas\n%s", ending, drawn(back), drawn(r))
			}
		}
	}
	if err := NewRegions(1, 1).Write(filepath.Join(t.TempDir(), "mask.bmp"), Picture{}); err == nil || !strings.Contains(err.Error(), ".png") {
		t.Errorf("an unknown format: %v", err)
	}
}

func TestOutlinesOfARing(t *testing.T) {
	r := filled(t, 4, 6, Polygons{{{0, 0}, {6, 0}, {6, 4}, {0, 4}}, {{2, 1}, {4, 1}, {4, 3}, {2, 3}}})
	lines := r.Outlines(1)
	if len(lines) != 2 || signedArea(lines[0]) != 24 || signedArea(lines[1]) != -4 || len(lines[0]) != 4 || len(lines[1]) != 4 {
		t.Errorf("%v", lines)
	}
	if parts, err := r.parts(1); err != nil || len(parts) != 1 || drawn(filled(t, 4, 6, parts[0])) != ring {
		t.Errorf("%v", parts)
	}
}

func FuzzAnnotations(f *testing.F) {
	f.Add([]byte(`{"images":[{"id":1,"width":6,"height":4}],"annotations":[{"image_id":1,"segmentation":{"size":[4,6],"counts":[0,9,2,2,2,9]}},{"image_id":1,"bbox":[1,1,2,2]}]}`), true)
	f.Add([]byte(`{"annotations":[{"segmentation":[[0,0,6,0,6,4]]},{"segmentation":{"size":[4,6],"counts":"0922"}}]}`), true)
	f.Add([]byte("0 .5 .5 .5 .5\n1 0 0 1 0 1 1\n"), false)
	f.Fuzz(func(t *testing.T, data []byte, coco bool) {
		bounded.Run(t, bounded.Small(len(data)), func() {
			var r *Regions
			if coco {
				if c, err := readCOCO(data); err == nil {
					r, _ = c.regions(4, 6, "")
				}
			} else if list, err := readYOLO(data); err == nil {
				r, _ = yoloRegions(list, 4, 6)
			}
			if r != nil && slices.Max(r.Pixels) > uint8(len(r.Names)) {
				t.Fatalf("%+v", r)
			}
		})
	})
}
