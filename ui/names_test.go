package ui

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"picasso/backend/picture"
	"picasso/backend/picture/patient/patienttest"
	"picasso/ui/control"
)

// TestWindowRemembersNoPatient opens the files of sixty patients in more than
// ten scripts, with a model beside them: neither the title nor the list, nor
// notices, names for files and what is remembered tell who they are.
func TestWindowRemembersNoPatient(t *testing.T) {
	b := newBench(t)
	b.c.Settings().ResearchUse = true
	root, words := t.TempDir(), []string(nil)
	var models, files []string
	for i, c := range patienttest.Invented {
		folder := filepath.Join(root, fmt.Sprintf("%02d", i))
		patienttest.Lay(t, folder, c)
		inside := filepath.Join(folder, filepath.FromSlash(strings.TrimSuffix(c.In[0], ".dcm")))
		models, files = append(models, filepath.Join(inside, "m.onnx")), append(files, inside+".png", filepath.Join(inside, "key.png"))
		words = append(words, patienttest.Words(c)...)
	}
	check := func() {
		t.Helper()
		s := b.c.State()
		remembered, err := json.Marshal(b.c.Settings())
		if err != nil {
			t.Fatal(err)
		}
		told := []string{b.win.Title(), string(remembered)}
		for _, p := range s.Images {
			told = append(told, p.Name)
		}
		if s.Look != nil {
			told = append(told, s.Look.Name, s.Look.FileName(), s.Look.Image.Name)
		}
		for _, n := range append(s.Earlier, s.Notice) {
			if n != nil {
				told = append(told, n.Doing, n.Text, fmt.Sprint(n.Err))
			}
		}
		for _, text := range told {
			if w := patienttest.Find(text, words); w != "" {
				t.Errorf("%.300q tells %q", text, w)
			}
		}
	}
	b.c.Drop([]string{root})
	b.q.Until(t, "the files", func() bool { return b.c.State().Reading == nil && len(b.c.State().Images) > 2*len(models) })
	b.c.AddImages(files)
	b.q.Until(t, "their names", func() bool {
		return !slices.ContainsFunc(b.c.State().Images, func(p *control.Picture) bool { return p.Path != "" && p.Name != filepath.Base(picture.Said(p.Path)) })
	})
	b.q.Until(t, "a picture", func() bool { return b.c.State().Look != nil })
	check()
	for i := 0; i < len(models); i += 12 {
		b.c.Open(models[i])
		b.q.Until(t, "the model", func() bool { return b.c.State().Opening == nil && b.c.State().Model != nil })
		b.c.Select(i)
		b.q.Until(t, "the picture", func() bool { return !b.c.State().Looking })
		check()
	}
}
