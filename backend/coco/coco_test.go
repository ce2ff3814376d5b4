package coco

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestWhatIsNoCOCO(t *testing.T) {
	for text, want := range map[string]string{
		`[1]`:                               "no COCO file",
		`{"a": 1}`:                          "neither images nor annotations",
		`{"images": [{"id": 1}, {"id":1}]}`: "two images have the id 1",
		`{"images": [{"id": 1}], "categories": [{"id": 2}, {"id": 2}]}`: "two categories have the id 2",
	} {
		if _, err := Read([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// What is read is written again as it was, ids as numbers.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"images":[{"id":7,"file_name":"a.png","width":6,"height":4}],"annotations":[{"id":1,"image_id":7,"category_id":2,"segmentation":[[0,0,6,0,6,4]],"bbox":[1,1,2,2]}],"categories":[{"id":2,"name":"ring"}]}`))
	f.Add([]byte(`{"images":[{"id":7.5}],"annotations":[{}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Read(data)
		if err != nil {
			return
		}
		again, err := json.Marshal(file)
		if err != nil {
			t.Fatal(err)
		}
		back, err := Read(again)
		if err != nil || len(back.Images) != len(file.Images) || len(back.Annotations) != len(file.Annotations) || len(back.Categories) != len(file.Categories) {
			t.Fatalf("%s became %s: %v", data, again, err)
		}
	})
}
