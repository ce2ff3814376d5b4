package labels

import (
	"os"
	"path/filepath"
	"testing"
)

// Files that say what pictures show are told from those that name classes.
func TestLabelsOfPicturesAreToldFromNamesOfClasses(t *testing.T) {
	dir := t.TempDir()
	for name, tt := range map[string]struct {
		text string
		want bool
	}{
		"one.csv":      {"filename,label\na.png,cat\n", true},
		"hot.csv":      {"Path,cat,dog\na.png,1,0\n", true},
		"semi.csv":     {"image;class\na;cat\n", true},
		"tabs.tsv":     {"\ufefffile\tlabel\na.png\tcat\n", true},
		"ids.csv":      {"id,label\ntrain/a,cat\n", true},
		"names.csv":    {"id,name\n0,cat\n1,dog\n", false},
		"numbers.csv":  {"id,label\n0,cat\n1,dog\n", false},
		"wordnet.csv":  {"id,label\nn01440764,tench\n", false},
		"plain.csv":    {"cat\ndog\n", false},
		"column.csv":   {"path\na.png\n", false},
		"names.txt":    {"filename,label\n", false},
		"list.json":    {`["cat", "dog"]`, false},
		"object.json":  {`{"0": "cat"}`, false},
		"coco.json":    {`{"images":[{"id":1,"file_name":"a"}],"categories":[{"id":1,"name":"cat"}],"annotations":[]}`, true},
		"fifty.json":   {`{"classes":["cat"],"labels":{"a":0}}`, true},
		"data.yaml":    {"names: [cat]\n", true},
		"another.yaml": {"names: [cat]\n", false},
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(tt.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := OfPictures(path); got != tt.want {
			t.Errorf("%s says what pictures show: %v", name, got)
		}
	}
	if YOLO(dir) != "" {
		t.Error("a folder without labels is a data set")
	}
	for _, at := range []string{"labels", "train/labels"} {
		odd := filepath.Join(t.TempDir(), "a [b] *")
		if err := os.MkdirAll(filepath.Join(odd, at), 0o700); err != nil {
			t.Fatal(err)
		}
		if YOLO(odd) != "" {
			t.Error("a folder without data.yaml is a data set")
		}
		file := filepath.Join(odd, "data.yaml")
		if err := os.WriteFile(file, []byte("names: [cat]\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := YOLO(odd); got != file {
			t.Errorf("the data set with %s is described by %q", at, got)
		}
	}
}
