package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/disintegration/imaging"
)

// TestReadingAheadChangesNothing: over a folder with damaged pictures, and a large one,
// among good ones every picture has the answer, or the error, that it has alone, in the
// order of the folder; also where there are so many that they run beside each other.
func TestReadingAheadChangesNothing(t *testing.T) {
	model, images := sample(t, "tanks-fair")
	folder := t.TempDir()
	var paths []string
	for i := range 20 {
		data, err := os.ReadFile(images[i%len(images)])
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case i%4 == 2:
			data = data[:len(data)/2]
		case i == 9:
			data = enlarged(t, data)
		}
		paths = append(paths, filepath.Join(folder, fmt.Sprintf("%02d%s", i, filepath.Ext(images[i%len(images)]))))
		if err := os.WriteFile(paths[i], data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	predict := func(images string) (all []map[string]any) {
		_, out, said := picasso(context.Background(), "predict", "--model", model, "--image", images, "--json")
		if err := json.Unmarshal([]byte(out), &all); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
		return all
	}
	together := predict(folder)
	if len(together) != len(paths) {
		t.Fatalf("%d results for %d pictures", len(together), len(paths))
	}
	for i, path := range paths {
		alone := predict(path)
		if !reflect.DeepEqual(together[i], alone[0]) {
			t.Errorf("%s: together %v, alone %v", path, together[i], alone[0])
		}
		if _, failed := together[i]["error"]; failed != (i%4 == 2) || !strings.HasSuffix(fmt.Sprint(together[i]["image"]), filepath.Base(path)) {
			t.Errorf("result %d is %v", i, together[i])
		}
	}
}

// TestAStoppedFolderSaysWhichPicturesAreMissing: reading ahead stops with the command.
func TestAStoppedFolderSaysWhichPicturesAreMissing(t *testing.T) {
	model, images := sample(t, "tanks-fair")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	code, out, _ := picasso(ctx, "predict", "--model", model, "--image", images[0], "--image", images[1], "--json")
	if code == 0 || strings.Contains(out, "probability") {
		t.Errorf("a stopped command ends with %d: %s", code, out)
	}
}

// enlarged is a picture of 2400 × 2000 pixels, which is not read ahead of its turn.
func enlarged(t *testing.T, data []byte) []byte {
	t.Helper()
	m, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := png.Encode(&out, imaging.Resize(m, 2400, 2000, imaging.Box)); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
