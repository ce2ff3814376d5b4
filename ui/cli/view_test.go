package cli_test

import (
	"image"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"picasso/ui/cli"
)

func TestViewWritesNumbersAndWindows(t *testing.T) {
	folder, out := filepath.Join(t.TempDir(), "ct"), t.TempDir()
	paths := writeScan(t, folder, 3)
	numbers, shown := filepath.Join(out, "x.npy"), filepath.Join(out, "x.png")
	run := func(want int, args ...string) string {
		t.Helper()
		code, _, said := picasso(t.Context(), append([]string{"view"}, args...)...)
		if code != want {
			t.Fatalf("%v: exit code %d: %s", args, code, said)
		}
		return said
	}
	for _, args := range [][]string{{"--image", folder, "--frame", "2"}, {"--image", folder, "--frame", "-1"}, {"--image", paths[2]}, {paths[2]}} {
		run(cli.Done, slices.Concat([]string{"--out", numbers}, args)...)
		a := readArray(t, numbers)
		if !slices.Equal(a.Shape, []int{120, 160}) || a.Data[0] != 0 || a.Data[159] != 159 {
			t.Errorf("%v: shape %v, from %v to %v", args, a.Shape, a.Data[0], a.Data[159])
		}
	}
	// Slice 2 holds 0…159 from left to right. A window of width w and level c is
	// black up to c−w/2 and white above c+w/2−1 (PS3.3 C.11.2.1.2.1).
	for _, c := range []struct {
		window  string
		x, want int
	}{
		{"", 0, 102},            // 400/40, the file's: (0−39.5)/399+0.5 of 255
		{"101,50", 0, 1},        // (0−49.5)/100+0.5 = 0.005
		{"101,50", 100, 255},    // above 99.5
		{"101,50", 50, 129},     // 0.505
		{"lung", 0, 230},        // 1500/−600: (0+600.5)/1499+0.5 = 0.9006
		{"auto", 159, 255},      // smallest to largest
		{"window 1", 0, 102},    // by its name in the file
		{" Bone ", 0, 77},       // 2000/400: (0−399.5)/1999+0.5 = 0.3002
		{"soft tissue", 0, 102}, // 400/40
	} {
		args := []string{"--image", folder, "--frame", "2", "--out", shown}
		if c.window != "" {
			args = append(args, "--window", c.window)
		}
		run(cli.Done, args...)
		grey, ok := readPNG(t, shown).(*image.Gray)
		if !ok || grey.Rect.Dx() != 160 || grey.Rect.Dy() != 120 {
			t.Fatalf("%q: %T", c.window, readPNG(t, shown))
		}
		for _, y := range []int{0, 119} { // no strip: these are values
			if got := int(grey.GrayAt(c.x, y).Y); got < c.want-1 || got > c.want+1 {
				t.Errorf("%q: column %d is %d, want %d", c.window, c.x, got, c.want)
			}
		}
	}
	for _, c := range []struct {
		says string
		code int
		args []string
	}{
		{"slice 3", cli.SomeFailed, []string{"--image", folder, "--frame", "3", "--out", shown}},
		{"frame 1", cli.SomeFailed, []string{"--image", paths[0], "--frame", "1", "--out", shown}},
		{"is no window", cli.Usage, []string{"--image", folder, "--window", "400", "--out", shown}},
		{"whole number", cli.Usage, []string{"--image", folder, "--frame", "two", "--out", shown}},
		{".png or .npy", cli.Usage, []string{"--image", folder, "--out", out + "/x.jpg"}},
		{"--out is missing", cli.Usage, []string{"--image", folder}},
		{"--image is missing", cli.Usage, []string{"--out", shown}},
		{"only one", cli.Usage, []string{"--out", shown, folder, folder}},
		{"no scan", cli.Usage, []string{"--out", shown, pictures(t)}},
		{"none.dcm", cli.SomeFailed, []string{"--image", filepath.Join(folder, "none.dcm"), "--out", shown}},
	} {
		if said := run(c.code, c.args...); !strings.Contains(said, c.says) {
			t.Errorf("%v: %q does not say %q", c.args, said, c.says)
		}
	}
}

func TestViewCutsPlanes(t *testing.T) {
	folder, out := filepath.Join(t.TempDir(), "ct"), t.TempDir()
	paths := writeScan(t, folder, 3) // 160×120 pixels of 0.5 mm, 2 mm apart: 100 z − 200 + x
	numbers, shown := filepath.Join(out, "x.npy"), filepath.Join(out, "x.png")
	for _, c := range []struct {
		args        []string
		shape       []int
		first, last float32
	}{
		{[]string{"--plane", "coronal", "--mm", "12.5"}, []int{9, 160}, 0, -200 + 159}, // the head is above
		{[]string{"--plane", "sagittal", "--mm", "1"}, []int{9, 120}, 2, -198},
		{[]string{"--plane", "axial", "--mm", "3"}, []int{120, 160}, -50, -50 + 159},
		{[]string{"--plane", "axial", "--mm", "2.9", "--interpolate", "nearest"}, []int{120, 160}, -100, -100 + 159},
		{[]string{"--plane", "Axial"}, []int{120, 160}, -100, -100 + 159},
	} {
		code, _, said := picasso(t.Context(), slices.Concat([]string{"view", "--image", folder, "--out", numbers}, c.args)...)
		if code != cli.Done || !strings.Contains(said, "plane at") {
			t.Fatalf("%v: exit code %d: %s", c.args, code, said)
		}
		a := readArray(t, numbers)
		if !slices.Equal(a.Shape, c.shape) || a.Data[0] != c.first || a.Data[len(a.Data)-1] != c.last {
			t.Errorf("%v: shape %v, from %v to %v; want %v, %v, %v", c.args, a.Shape, a.Data[0], a.Data[len(a.Data)-1], c.shape, c.first, c.last)
		}
	}
	if code, _, said := picasso(t.Context(), "view", "--image", folder, "--plane", "coronal", "--window", "101,50", "--out", shown); code != cli.Done {
		t.Fatal(said)
	}
	if m := readPNG(t, shown); m.Bounds().Dx() != 160 || m.Bounds().Dy() != 9 {
		t.Errorf("a picture of %v", m.Bounds())
	}
	for _, c := range []struct {
		want int
		said string
		args []string
	}{
		{cli.Usage, "--mm and --interpolate are for a plane", []string{"--image", folder, "--mm", "3"}},
		{cli.Usage, "is no plane", []string{"--image", folder, "--plane", "oblique"}},
		{cli.Usage, "give a number", []string{"--image", folder, "--plane", "axial", "--mm", "NaN"}},
		{cli.SomeFailed, "from 0 to 4 mm", []string{"--image", folder, "--plane", "axial", "--mm", "50"}},
		{cli.SomeFailed, "leave out --frame", []string{"--image", folder, "--plane", "axial", "--frame", "1"}},
		{cli.SomeFailed, "has no volume", []string{"--image", folder, "--plane", "axial", "--volume", "3"}},
		{cli.SomeFailed, "only one slice", []string{"--image", paths[0], "--plane", "axial"}},
	} {
		if code, _, said := picasso(t.Context(), slices.Concat([]string{"view", "--out", shown}, c.args)...); code != c.want || !strings.Contains(said, c.said) {
			t.Errorf("%v: exit code %d, %s; want %q", c.args, code, said, c.said)
		}
	}
}
