package assets_test

import (
	"bytes"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"picasso/assets"
	"picasso/assets/assetstest"
)

// maxEmbedded bounds what the program carries inside itself, in bytes.
const maxEmbedded = 4 << 20

func TestEmbeddedFilesAreSmall(t *testing.T) {
	total := int64(len(assets.Icon()))
	for _, s := range assets.Samples() {
		folder := extract(t, t.TempDir(), s)
		err := filepath.WalkDir(folder, func(_ string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			info, err := e.Info()
			total += info.Size()
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if total > maxEmbedded {
		t.Errorf("%d bytes are embedded, at most %d are wanted", total, maxEmbedded)
	}
}

func TestIconIsAPicture(t *testing.T) {
	m, err := png.Decode(bytes.NewReader(assets.Icon()))
	if err != nil {
		t.Fatal(err)
	}
	if b := m.Bounds(); b.Dx() != 512 || b.Dy() != 512 {
		t.Errorf("the icon has %v pixels", b.Size())
	}
	if _, _, _, a := m.At(0, 0).RGBA(); a != 0 {
		t.Error("the icon's corner is not clear")
	}
	if _, _, _, a := m.At(256, 256).RGBA(); a != 0xffff {
		t.Error("the icon's middle is not solid")
	}
}

func TestSamplesAreWhole(t *testing.T) {
	list := assets.Samples()
	if len(list) == 0 {
		t.Fatal("there is no sample")
	}
	for _, s := range list {
		folder := extract(t, t.TempDir(), s)
		for _, name := range append([]string{s.Model, s.Sidecar}, s.Images...) {
			if info, err := os.Stat(filepath.Join(folder, name)); err != nil || info.Size() == 0 {
				t.Errorf("%s: the file %s is missing or empty", s.Name, name)
			}
		}
		if len(s.Images) < 8 && s.Slice == 0 {
			t.Errorf("%s has only %d pictures", s.Name, len(s.Images))
		}
		for _, name := range s.Images {
			truth, ok := s.Truth[name]
			if !ok || truth.Label == "" {
				t.Errorf("%s: nothing is known about %s", s.Name, name)
			}
		}
	}
}

func TestHalfOfTheTanksBreakTheRule(t *testing.T) {
	s := assetstest.Sample(t, "tanks-biased")
	broken := 0
	for name, truth := range s.Truth {
		if (truth.Tank != nil) != (truth.Label == "tank") {
			t.Errorf("%s: box and label do not agree", name)
		}
		if (truth.Tank != nil) != truth.Clouds {
			broken++
		}
		if !truth.InSky(64, 0) || truth.InSky(64, 127) {
			t.Errorf("%s: the sky is not above the ground", name)
		}
	}
	if broken != len(s.Images)/2 {
		t.Errorf("%d of %d pictures break the rule", broken, len(s.Images))
	}
}

func TestExtractMendsDamagedFiles(t *testing.T) {
	s := assets.Samples()[0]
	dir := t.TempDir()
	folder := extract(t, dir, s)
	model := filepath.Join(folder, s.Model)
	want, err := os.ReadFile(model)
	if err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(filepath.Join(folder, s.Sidecar))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(model, want[:len(want)/2], 0o644); err != nil {
		t.Fatal(err)
	}
	extract(t, dir, s)
	got, err := os.ReadFile(model)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("half a model stayed half a model")
	}
	after, err := os.Stat(filepath.Join(folder, s.Sidecar))
	if err != nil {
		t.Fatal(err)
	}
	if !os.SameFile(before, after) {
		t.Error("a whole file was written anew")
	}
	left, err := filepath.Glob(filepath.Join(folder, ".new-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("temporary files stayed behind: %v, %v", left, err)
	}
}

func TestExtractSaysWhereItCannotWrite(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := assets.Extract(file, assets.Samples()[0]); err == nil {
		t.Error("a folder below a file was made")
	}
}

func extract(t *testing.T, dir string, s assets.Sample) string {
	t.Helper()
	folder, err := assets.Extract(dir, s)
	if err != nil {
		t.Fatal(err)
	}
	return folder
}
