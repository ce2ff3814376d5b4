package words

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestPathsOfMenusAreReadable(t *testing.T) {
	home := filepath.FromSlash("/home/ada")
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	deep := "/data/" + strings.Repeat("a long name of a folder/", 6) + "last/net.onnx"
	for path, want := range map[string]string{
		"/home/ada/net.onnx":        "net.onnx  —  ~",
		"/home/ada/models/net.onnx": "net.onnx  —  ~/models",
		"/home/adalbert/net.onnx":   "net.onnx  —  /home/adalbert",
		"/srv/über/größe.onnx":      "größe.onnx  —  /srv/über",
		deep:                        "net.onnx  —  …/a long name of a folder/last",
	} {
		if got := Path(filepath.FromSlash(path)); got != filepath.FromSlash(want) {
			t.Errorf("%s reads %q, want %q", path, got, want)
		}
	}
}
