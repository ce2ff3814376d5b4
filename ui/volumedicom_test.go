package ui

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"picasso/backend/mask"
	"picasso/backend/picture"
	"picasso/ui/control/archive"
	"picasso/ui/report/pacs"
)

// seriesObjects explains all slices of a series and writes their objects; it gives the
// folder that they are in, and that of the scan.
func seriesObjects(t *testing.T) (folder, scan string) {
	t.Helper()
	b := newBench(t)
	b.c.Settings().ResearchUse = true
	scan = b.scan(3)
	b.dropped([]fyne.URI{file(b.write("m.onnx")), file(scan)})
	b.ready(1)
	b.c.DrawRegion(mask.Rectangle{B: mask.Point{X: 8, Y: 8}}, false)
	all := archive.New(b.c)
	subject, shown, err := b.explain.Picture.Reported()
	if err != nil {
		t.Fatal(err)
	}
	if scope, ok := all.Scope(subject, shown); ok {
		t.Fatalf("one slice with a map is offered as several: %+v", scope)
	}
	b.c.ExplainSeries()
	b.q.Until(t, "all slices", func() bool { return b.c.State().Walk == nil })
	scope, ok := all.Scope(subject, shown)
	if !ok || !strings.Contains(scope.Text, "3 of 3") || len(scope.Regions) != 1 {
		t.Fatalf("%v, %+v", ok, scope)
	}
	o := pacs.Options{Kinds: []string{pacs.Capture, pacs.Parametric, pacs.Segmentation}, Above: pacs.Threshold{Value: 0.5, Share: true, Given: true}, Program: "Picasso", Made: time.Now(), Width: 400, Many: 300}
	folder = t.TempDir()
	path := filepath.Join(folder, "all.dcm")
	b.c.DismissAll()
	all.Export(path, subject, shown, o, scope, true)
	if !b.c.Busy() {
		t.Error("nothing could be stopped")
	}
	b.q.Until(t, "the files", func() bool { return b.c.State().Notice != nil })
	if n := b.c.State().Notice; n.Err != nil || !strings.Contains(n.Text, "and 5 more DICOM files") {
		t.Fatalf("%+v", n)
	}
	for _, path := range archive.Files(path, o, scope, true) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(data, []byte("DOE")) || !bytes.Contains(data, []byte("ANON")) {
			t.Errorf("%s names the patient, or is not anonymous", filepath.Base(path))
		}
	}
	return folder, scan
}

func TestMapsOfASeriesLieOverItAgain(t *testing.T) {
	folder, scan := seriesObjects(t)
	pm, err := picture.OpenSeries(t.Context(), filepath.Join(folder, "all-pm.dcm"))
	if err != nil || len(pm) != 1 || pm[0].Len() != 3 {
		t.Fatalf("%v, %v", pm, err)
	}
	for _, model := range []bool{false, true} {
		b := newBench(t)
		b.c.Settings().ResearchUse = true
		s := b.c.State()
		if model {
			b.dropped([]fyne.URI{file(b.write("m.onnx"))})
			b.q.Until(t, "the model", func() bool { return s.Model != nil })
		}
		b.dropped([]fyne.URI{file(scan)})
		b.q.Until(t, "the scan", func() bool { return s.Look != nil && !s.Looking })
		b.c.DismissAll()
		b.dropped([]fyne.URI{file(filepath.Join(folder, "all-pm.dcm"))})
		b.q.Until(t, "the map over the scan", func() bool { return s.Over() != nil })
		if len(s.Images) != 2 || s.Current != 0 || s.Notice == nil || !strings.Contains(s.Notice.Text, "lies over 3 of the 3 slices") {
			t.Fatalf("looks at %d: %+v", s.Current, s.Notice)
		}
		for i := range 3 {
			b.c.SelectSlice(i)
			b.q.Until(t, fmt.Sprint("slice ", i), func() bool { return s.Look != nil && s.Look.Slice == i && s.Over() != nil })
			want, err := pm[0].Slice(i)
			if err != nil {
				t.Fatal(err)
			}
			for k, v := range s.Over().Map.Values {
				if w := want.At(k%want.Width, k/want.Width, 0); v != w && !(v != v && want.Empty(k)) {
					t.Fatalf("slice %d, pixel %d is %v, want %v", i, k, v, w)
				}
			}
		}
		if model { // whose own maps come back with a method
			s.Notice.Offers[0].Take()
			if s.Over() != nil {
				t.Error("the map from the file stays before the model's")
			}
		}
	}
}

func TestRegionsFromAFileLieOverTheirSlices(t *testing.T) {
	folder, scan := seriesObjects(t)
	b := newBench(t)
	b.c.Settings().ResearchUse = true
	s := b.c.State()
	path := filepath.Join(folder, "all-region-seg.dcm")
	b.dropped([]fyne.URI{file(path)})
	b.q.Until(t, "what to do", func() bool { return s.Notice != nil && strings.Contains(s.Notice.Text, "open that scan too") })
	b.dropped([]fyne.URI{file(scan)}) // and they find it
	b.q.Until(t, "the region", func() bool { return s.Over() != nil })
	if over := s.Over(); over.Map.Unit != "segments: 1 region" {
		t.Errorf("in %q", over.Map.Unit)
	}
	for k, v := range s.Over().Map.Values {
		if in := k%32 < 8 && k/32 < 8; in != (v == 1) || !in && v == v {
			t.Fatalf("pixel %d is %v", k, v)
		}
	}
}

func TestAnExportOfASeriesIsStopped(t *testing.T) {
	b := scanned(t)
	b.c.ExplainSeries()
	b.q.Until(t, "all slices", func() bool { return b.c.State().Walk == nil })
	subject, shown, err := b.explain.Picture.Reported()
	if err != nil {
		t.Fatal(err)
	}
	all := archive.New(b.c)
	scope, _ := all.Scope(subject, shown)
	folder := t.TempDir()
	all.Export(filepath.Join(folder, "all.dcm"), subject, shown, pacs.Options{Kinds: []string{pacs.Capture}, Program: "Picasso", Width: 400, Many: 300}, scope, false)
	b.c.Stop()
	b.q.Until(t, "the end", func() bool { return !b.c.Busy() })
	if left, _ := filepath.Glob(filepath.Join(folder, "*.dcm")); len(left) > 0 {
		t.Errorf("%q are left of an export that was stopped", left)
	}
}
