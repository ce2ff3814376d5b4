package labels

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func items(places ...string) (out [][]string) {
	for _, p := range places {
		out = append(out, []string{p})
	}
	return out
}

func parsed(t *testing.T, text string, classes ...string) *Source {
	t.Helper()
	s, err := Parse([]byte(text), classes)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func matched(t *testing.T, s *Source, places [][]string, classes []string, p Policy) *Truth {
	t.Helper()
	m, err := Match(s, places, classes, nil, p)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Six rows of CheXpert's table under each policy, counted by hand: of Edema 2 are
// present, 1 absent, 2 uncertain, 1 blank.
func TestCheXpertUnderEveryPolicy(t *testing.T) {
	const table = `Path,Sex,Age,Frontal/Lateral,AP/PA,No Finding,Edema
CheXpert-v1.0-small/train/patient1/study1/view1_frontal.jpg,Female,68,Frontal,AP,,1.0
CheXpert-v1.0-small/train/patient2/study1/view1_frontal.jpg,Female,87,Frontal,AP,1.0,0.0
CheXpert-v1.0-small/train/patient2/study2/view1_frontal.jpg,Female,83,Frontal,AP,,-1.0
CheXpert-v1.0-small/train/patient3/study1/view1_frontal.jpg,Male,41,Frontal,AP,,-1.0
CheXpert-v1.0-small/train/patient4/study1/view1_frontal.jpg,Female,20,Frontal,PA,,1.0
CheXpert-v1.0-small/train/patient5/study1/view1_frontal.jpg,Female,20,Frontal,PA,1.0,
`
	classes := []string{"no_finding", "Edema", "Hernia"}
	s := parsed(t, table, classes...)
	if s.Exclusive || !slices.Equal(s.Classes, []string{"No Finding", "Edema"}) {
		t.Fatalf("%+v", s)
	}
	places := items("patient1/study1/view1_frontal.jpg", "patient2/study1/view1_frontal.jpg", "patient2/study2/view1_frontal.jpg",
		"patient3/study1/view1_frontal.jpg", "patient4/study1/view1_frontal.jpg", "patient5/study1/view1_frontal.jpg")
	for _, tt := range []struct {
		uncertain, blank        string
		present, absent, unread int
	}{
		{"", "", 2, 2, 2}, {"one", "zero", 4, 2, 0}, {"zero", "zero", 2, 4, 0},
		{"ignore", "ignore", 2, 1, 3}, {"one", "ignore", 4, 1, 1}, {"zero", "ignore", 2, 3, 1},
	} {
		m := matched(t, s, places, classes, Policy{tt.uncertain, tt.blank})
		var present, absent, unread int
		for i := range places {
			switch is, known := m.Of(i, 1); {
			case !known:
				unread++
			case is:
				present++
			default:
				absent++
			}
			if _, known := m.Of(i, 2); known {
				t.Error("the table says something about a class that it does not name")
			}
		}
		if present != tt.present || absent != tt.absent || unread != tt.unread {
			t.Errorf("%q %q: %d present, %d absent, %d left open; want %d, %d, %d", tt.uncertain, tt.blank, present, absent, unread, tt.present, tt.absent, tt.unread)
		}
		if m.Counts.Matched != 6 || m.Counts.Unlabelled != 1 {
			t.Errorf("counts %+v", m.Counts)
		}
	}
	if _, err := (Policy{Uncertain: "maybe"}).Check(); err == nil {
		t.Error("an unknown policy is taken")
	}
}

func TestTablesOfLabels(t *testing.T) {
	classes := []string{"cat", "dog"}
	one := matched(t, parsed(t, "filename;label\r\na.png;Cat\r\nimages/b.png;dog\r\nc.png;fish\r\nz.png;dog\r\n"), items("x/a.png", "b.png", "c.png", "d.png"), classes, Policy{})
	if is, known := one.Of(0, 0); !is || !known {
		t.Error("a.png is no cat")
	}
	if is, known := one.Of(1, 0); is || !known {
		t.Error("b.png is a cat")
	}
	if is, known := one.Of(2, 1); is || !known {
		t.Error("a fish is a dog, or nobody knows")
	}
	if _, known := one.Of(3, 1); known {
		t.Error("d.png has a label")
	}
	if c := one.Counts; c.Matched != 3 || c.WithoutItem != 1 || c.WithoutLabel != 1 || !slices.Equal(c.UnknownLabels, []string{"fish"}) {
		t.Errorf("counts %+v", c)
	}
	three := matched(t, parsed(t, "filename;label\na.png;Cat\nb.png;kitten\n"), items("a.png", "b.png"), []string{"cat", "dog", "cub"}, Policy{})
	if is, known := three.Of(0, 2); is || !known {
		t.Error("a cat may be a cub")
	}
	if is, known := three.Of(1, 0); is || !known {
		t.Error("a kitten may be a cat, which other labels speak of")
	}
	if _, known := three.Of(1, 2); known {
		t.Error("a kitten is a cub or not, of which no label speaks")
	}
	several := parsed(t, "Image Index,Finding Labels\na.png,cat|dog\nb.png,dog\n")
	if m := matched(t, several, items("a.png", "b.png"), classes, Policy{}); several.Exclusive || !slices.Equal(m.Items[0].Present, []int{0, 1}) {
		t.Errorf("%+v", m.Items[0])
	}
	hot := parsed(t, "id\tcat\tdog\tage\na\t1\t0\t7\nb\t0\t1\t9\n", classes...)
	if m := matched(t, hot, items("x/a.png", "y/b.png"), classes, Policy{}); !hot.Exclusive || !slices.Equal(m.Items[1].Present, []int{1}) {
		t.Errorf("%+v", hot)
	}
}

func TestLabelsThatCannotBeRead(t *testing.T) {
	for text, want := range map[string]string{
		"a,b\n1,2\n":                         "holds paths",
		"path,weight\na,2\n":                 "called like a class",
		"path,cat\na,7\n":                    "line 2: cat",
		"":                                   "no header",
		"\x00\x01":                           "neither a table nor JSON",
		`{"a": 1}`:                           "neither COCO",
		`{"classes":["a"],"labels":{"x":3}}`: "class 3",
		`{"images":[{"id":1,"file_name":"a"}],"categories":[{"id":1,"name":"cat"}],"annotations":[{"image_id":9,"category_id":1}]}`: "image 9",
	} {
		if _, err := Parse([]byte(text), []string{"cat"}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	two := parsed(t, "path,label\nb.png,cat\n")
	if _, err := Match(two, items("x/b.png", "y/b.png"), []string{"cat"}, nil, Policy{}); err == nil || !strings.Contains(err.Error(), "several") {
		t.Errorf("an ambiguous name: %v", err)
	}
	if _, err := Match(parsed(t, "path,label\na.png,cat\na.png,dog\n"), items("a.png"), []string{"cat", "dog"}, nil, Policy{}); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Errorf("two labels: %v", err)
	}
	if _, err := Match(two, items("b.png"), []string{"tank"}, nil, Policy{}); err == nil || !strings.Contains(err.Error(), "a=b") {
		t.Errorf("other classes: %v", err)
	}
	if m, err := Match(two, items("b.png"), []string{"tank"}, map[string]string{"cat": "tank"}, Policy{}); err != nil || !slices.Equal(m.Items[0].Present, []int{0}) {
		t.Errorf("a renamed class: %v", err)
	}
}

func TestPartsOfADataSet(t *testing.T) {
	for place, want := range map[string]string{"train/cat/1.png": "train", "data/Test/1.png": "test", "images/val/1.png": "val", "test.png": "", "cats/1.png": "", "images/1.png": ""} {
		if got := Split(place); got != want {
			t.Errorf("%s lies in %q, want %q", place, got, want)
		}
	}
}

func TestFoldersAreClasses(t *testing.T) {
	s, err := Folders([]string{"train/cat/1.jpg", "val/dog/x/2.jpg", "3.jpg", "dog/4.jpg"})
	if err != nil {
		t.Fatal(err)
	}
	m := matched(t, s, items("train/cat/1.jpg", "val/dog/x/2.jpg", "3.jpg", "dog/4.jpg"), []string{"dog", "cat"}, Policy{})
	if !slices.Equal(m.Items[0].Present, []int{1}) || !slices.Equal(m.Items[1].Present, []int{0}) || m.Items[2] != nil || !slices.Equal(m.Items[3].Present, []int{0}) {
		t.Errorf("%+v", m)
	}
	if _, err := Folders([]string{"a.jpg", "train/b.jpg"}); err == nil {
		t.Error("pictures without folders have classes")
	}
}

func TestClassesOfImageNet(t *testing.T) {
	n := newNameIndex([]string{"tench, Tinca tinca", "n01443537 goldfish, Carassius auratus", "crane", "crane"})
	for name, want := range map[string]int{"Tench": 0, "n01443537": 1, "goldfish": 1, "crane": -1, "3": 3, "4": -1} {
		if got := n.find(name); got != want {
			t.Errorf("%s is class %d, want %d", name, got, want)
		}
	}
}

func TestBoxesAreLabels(t *testing.T) {
	coco := parsed(t, `{"images":[{"id":1,"file_name":"a.jpg"},{"id":2,"file_name":"b.jpg"}],"annotations":[{"image_id":1,"category_id":7,"bbox":[0,0,5,5]},{"image_id":1,"category_id":7}],"categories":[{"id":7,"name":"cat"},{"id":9,"name":"dog"}]}`)
	m := matched(t, coco, items("a.jpg", "b.jpg"), []string{"dog", "cat"}, Policy{})
	if !slices.Equal(m.Items[0].Present, []int{1}) || len(m.Items[1].Present) != 0 {
		t.Errorf("%+v %+v", m.Items[0], m.Items[1])
	}
	if is, known := m.Of(1, 0); is || !known {
		t.Error("a picture without boxes may show anything")
	}
	fo := parsed(t, `{"classes":["dog","cat"],"labels":{"a":1,"b":null}}`)
	if m := matched(t, fo, items("x/a.jpg", "b.jpg"), []string{"dog", "cat"}, Policy{}); !slices.Equal(m.Items[0].Present, []int{1}) || m.Items[1] != nil {
		t.Errorf("%+v", m)
	}
	folder := t.TempDir()
	for name, text := range map[string]string{
		"data.yaml": "names:\n  0: dog\n  1: cat\n", "labels/train/a.txt": "1 .5 .5 .1 .1\n0 .5 .5 .2 .2\n", "labels/train/b.txt": "",
	} {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	s, err := Read(t.Context(), folder, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	m = matched(t, s, items("images/train/a.jpg", "images/train/b.jpg"), []string{"dog", "cat"}, Policy{})
	if !slices.Equal(m.Items[0].Present, []int{0, 1}) || m.Items[1] == nil {
		t.Errorf("%+v", m.Items)
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{"path,label\na,b\n", "id\tcat\n1\t-1\n", `{"classes":["a"],"labels":{"x":0}}`, `{"images":[{"id":1}],"categories":[{"id":1}],"annotations":[]}`, "file;y\n\"a;b\n"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Parse(data, []string{"cat", "dog"})
		if err != nil {
			return
		}
		for _, e := range s.Entries {
			for k := range e.Marks {
				if k < 0 || k >= len(s.Classes) {
					t.Fatalf("%q has class %d of %d", e.Place, k, len(s.Classes))
				}
			}
		}
		if m, err := Match(s, [][]string{{"a.png"}, {"x/b.png"}}, []string{"cat", "dog"}, nil, Policy{}); err == nil && len(m.Items) != 2 {
			t.Fatal("items are lost")
		}
	})
}

func FuzzYOLO(f *testing.F) {
	f.Add([]byte("names: [a, b]\n"), []byte("1 0 0 1 1\n"))
	f.Fuzz(func(t *testing.T, names, boxes []byte) {
		classes, err := yoloNames(names)
		if err != nil {
			return
		}
		marks, _ := yoloBoxes(boxes, len(classes))
		for k := range marks {
			if k < 0 || k >= len(classes) {
				t.Fatal(k)
			}
		}
	})
}
