package session

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"picasso/ui/drawing"
)

var update = flag.Bool("update", false, "write golden files anew")

func pointer[T any](v T) *T { return &v }

// full has every field.
func full(t testing.TB) *Session {
	t.Helper()
	var mask bytes.Buffer
	if err := png.Encode(&mask, image.NewGray(image.Rect(0, 0, 3, 2))); err != nil {
		t.Fatal(err)
	}
	sha := strings.Repeat("ab", 32)
	return &Session{
		Format: 2, Picasso: "1.5.0",
		Model:   &Model{File: File{"../m/tank.onnx", sha, 123}, Preparation: []byte(`{"activation":"softmax"}`)},
		Compare: &Model{File: File{"other.onnx", sha, 1}},
		Items: []Item{
			{File: File{"a/1.png", sha, 9}, Drawn: Drawn{Region: &[4]float64{1, 2, 3.5, 4}, Cover: &Cover{Mask: mask.Bytes(), Fill: "blur"}}, Note: "odd <tank>"},
			{File: File{Path: "ct"}, Scan: true, Frame: pointer(0), Volume: pointer(1)},
			{File: File{"flair.nii.gz", sha, 9}, Channels: []File{{"t1.nii.gz", sha, 8}}, Scan: true, Frame: pointer(12)},
		},
		Current: 1, Tab: "occlusion", Targets: []Target{{Index: 0, Name: "tank", Against: pointer(1)}}, Score: "logit",
		Settings: map[string]map[string]string{"occlusion": {"size": "24"}},
		Display:  map[string]drawing.Display{"occlusion": {Opacity: 0.6, Sign: "all"}},
		View:     &View{Zoom: 2, X: 0.5, Y: 0.25, Window: &[2]float64{1500, -600}, Turn: 1, Mirror: true},
	}
}

// Every format that there was is read; the newest is written as it was.
func TestGoldenFormats(t *testing.T) {
	data, err := Encode(full(t), true)
	if err != nil {
		t.Fatal(err)
	}
	newest := filepath.Join("testdata", fmt.Sprintf("format%d.picasso", Format))
	if *update {
		if err := os.WriteFile(newest, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for format := 1; format <= Format; format++ {
		golden, err := os.ReadFile(filepath.Join("testdata", fmt.Sprintf("format%d.picasso", format)))
		if err != nil {
			t.Fatal(err)
		}
		s, err := Decode(golden)
		if err != nil {
			t.Fatalf("format %d: %v", format, err)
		}
		if format < Format {
			continue
		}
		if again, err := Encode(s, true); err != nil || !bytes.Equal(again, golden) || !bytes.Equal(data, golden) {
			t.Errorf("saved, opened and saved again, the session differs: %v\n%s", err, again)
		}
	}
}

// What is not known stays, at every level.
func TestUnknownFieldsAreKept(t *testing.T) {
	document := `{"format":1,"later":{"b":[1,2.50]},"model":{"path":"m.onnx","quantized":true},"items":[{"path":"a.png","stars":5}],
		"current":0,"targets":[{"index":1,"weight":0.50}],"view":{"zoom":1,"tilt":3}}`
	s, err := Decode([]byte(document))
	if err != nil {
		t.Fatal(err)
	}
	once, err := Encode(s, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"later": {`, "2.50", `"quantized": true`, `"stars": 5`, `"weight": 0.50`, `"tilt": 3`} {
		if !bytes.Contains(once, []byte(want)) {
			t.Errorf("%s is lost:\n%s", want, once)
		}
	}
	if s, err = Decode(once); err != nil {
		t.Fatal(err)
	}
	if twice, err := Encode(s, false); err != nil || !bytes.Equal(once, twice) {
		t.Errorf("the second time differs: %v\n%s", err, twice)
	}
}

func TestScansAreRefusedUnlessAsked(t *testing.T) {
	if _, err := Encode(full(t), false); !errors.Is(err, ErrScans) {
		t.Errorf("a session with scans: %v", err)
	}
}

func TestDecodeRefuses(t *testing.T) {
	for document, word := range map[string]string{
		``: "complete", `[]`: "does not belong", `{}`: "format", `{"format":0}`: "format", `{"format":"1"}`: "does not belong",
		`{"format":3,"items":"in another form"}`:                                        "newer",
		`{"format":2,"items":[{"path":"a","channels":[{"path":""}]}],"current":0}`:      "no path",
		`{"format":2,"items":[{"path":"a","channels":[{"path":"//b/c"}]}],"current":0}`: "another computer",
		`{"format":1,"items":[{"path":"//server/share/a.png"}],"current":0}`:            "another computer",
		`{"format":1,"items":[{"path":"\\\\server\\a.png"}],"current":0}`:               "no path",
		`{"format":1,"items":[{"path":"a\u0000b"}],"current":0}`:                        "no path",
		`{"format":1,"items":[{"path":""}],"current":0}`:                                "no path",
		`{"format":1,"items":[],"current":1}`:                                           "picture 2 of 0",
		`{"format":1,"items":[{"path":"a","sha256":"AB"}],"current":0}`:                 "checksum",
		`{"format":1,"items":[{"path":"a","frame":-1}],"current":0}`:                    "below 0",
		`{"format":1,"items":[{"path":"a","region":[0,0,0,1]}],"current":0}`:            "no size",
		`{"format":1,"items":[{"path":"a","cover":{"mask":"AAAA","fill":"mean"}}]}`:     "no PNG",
		`{"format":1,"items":[],"current":-1,"targets":[{"index":1,"against":1}]}`:      "cannot be",
		`{"format":1,"items":[],"current":-1,"view":{"turn":4}}`:                        "bounds",
		`{"format":1,"items":[],"current":-1,"display":{"o":{"opacity":7,"sign":"a"}}}`: "bounds",
		`{"format":1,"items":[],"current":-1,"score":"odds"}`:                           "odds",
		"{\"format\":1,\"x\":\"" + strings.Repeat("x", MostBytes) + "\"}":               "larger",
	} {
		_, err := Decode([]byte(document))
		if err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("%.80s: %v, without %q", document, err, word)
		}
		var newer *NewerError
		if errors.As(err, &newer) != (word == "newer") {
			t.Errorf("%.80s: %T", document, err)
		}
	}
}

// place writes a file and gives it as a session in home names it.
func place(t *testing.T, home, name, content string) File {
	t.Helper()
	path := filepath.Join(home, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
	sha, n, err := Sum(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	return File{Path: name, SHA256: sha, Bytes: n}
}

func TestFind(t *testing.T) {
	root := t.TempDir()
	home, pointed := filepath.Join(root, "work", "s"), filepath.Join(root, "elsewhere")
	own := place(t, home, "a/1.png", "one")
	beside := place(t, home, "2.png", "two")
	beside.Path = "gone/2.png"
	outside := place(t, home, "../m/tank.onnx", "net")
	moved := place(t, pointed, "b/3.png", "three")
	flat := place(t, pointed, "4.png", "four")
	flat.Path = "gone/deep/4.png"
	changed, secret := own, outside
	changed.SHA256, secret.SHA256 = strings.Repeat("0", 64), strings.Repeat("0", 64)
	noSum, outsideNoSum := own, outside
	noSum.SHA256, outsideNoSum.SHA256 = "", ""
	at := Places{Folder: home}
	for name, c := range map[string]struct {
		file    File
		places  Places
		want    string
		changed bool
	}{
		"at its place":               {own, at, filepath.Join(home, "a", "1.png"), false},
		"beside the session":         {beside, at, filepath.Join(home, "2.png"), false},
		"outside, the very file":     {outside, at, filepath.Join(root, "work", "m", "tank.onnx"), false},
		"outside, another file":      {secret, at, "", false},
		"outside, without checksum":  {outsideNoSum, at, "", false},
		"absolute, the very file":    {File{Path: filepath.ToSlash(filepath.Join(pointed, "4.png")), SHA256: flat.SHA256}, at, filepath.Join(pointed, "4.png"), false},
		"inside, changed":            {changed, at, filepath.Join(home, "a", "1.png"), true},
		"inside, without checksum":   {noSum, at, filepath.Join(home, "a", "1.png"), false},
		"missing":                    {moved, at, "", false},
		"pointed, below its folders": {moved, Places{home, pointed}, filepath.Join(pointed, "b", "3.png"), false},
		"pointed, by its name":       {flat, Places{home, pointed}, filepath.Join(pointed, "4.png"), false},
	} {
		got, err := c.places.Find(context.Background(), c.file)
		if err != nil || got.Path != c.want || got.Changed != c.changed {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	if err := os.Symlink(filepath.Join(root, "work", "m", "tank.onnx"), filepath.Join(home, "link.onnx")); err == nil {
		if got, _ := at.Find(context.Background(), File{Path: "link.onnx", SHA256: strings.Repeat("0", 64)}); got.Path != "" {
			t.Errorf("a link that leads out is followed: %+v", got)
		}
	}
}

// A folder that moved as a whole opens as before; what is missing and what has
// changed is named.
func TestResolve(t *testing.T) {
	home := filepath.Join(t.TempDir(), "old")
	s := &Session{Format: 1, Model: &Model{File: place(t, home, "m.onnx", "net")}, Items: []Item{{File: place(t, home, "a/1.png", "one")}, {File: File{Path: "none.png"}}}}
	now := filepath.Join(filepath.Dir(home), "new")
	if err := os.Rename(home, now); err != nil {
		t.Fatal(err)
	}
	place(t, now, "m.onnx", "trained further")
	looked := 0
	r, err := Resolve(context.Background(), s, Places{Folder: now}, func(n int) { looked = n })
	if err != nil || looked != 2 {
		t.Fatalf("%d looked for, %v", looked, err)
	}
	if !slices.Equal(r.Missing(s), []string{"none.png"}) || !slices.Equal(r.Changed(s), []string{"m.onnx"}) || r.Items[0].Path != filepath.Join(now, "a", "1.png") {
		t.Errorf("%+v; missing %v, changed %v", r, r.Missing(s), r.Changed(s))
	}
	stopped, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Resolve(stopped, s, Places{Folder: now}, func(int) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
}

func TestRelative(t *testing.T) {
	home := filepath.Join("x", "work")
	for file, want := range map[string]string{
		filepath.Join("x", "work", "a", "1.png"): "a/1.png", filepath.Join("x", "m", "t.onnx"): "../m/t.onnx",
	} {
		if got := Relative(home, file); got != want {
			t.Errorf("%s is called %s, not %s", file, got, want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	data, err := Encode(full(f), true)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"format":1,"items":[{"path":"a","a":1,"A":2,"PATH":"b"}],"current":0,"View":{"Turn":1}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Decode(data)
		if err != nil {
			return
		}
		once, err := Encode(s, true)
		if err != nil {
			if strings.Contains(err.Error(), "larger") {
				return
			}
			t.Fatal(err)
		}
		if s, err = Decode(once); err != nil {
			t.Fatalf("%v\n%s", err, once)
		}
		if twice, err := Encode(s, true); err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("%v\n%s\n%s", err, once, twice)
		}
	})
}
