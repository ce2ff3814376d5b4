package dicom

import (
	"os"
	"path/filepath"
	"testing"
)

// benchmark parses, decodes and renders a file's first frame.
func benchmark(b *testing.B, path ...string) {
	data, err := os.ReadFile(filepath.Join(append([]string{folder(b), "dicom", "files"}, path...)...))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		f, err := Parse(data)
		if err != nil {
			b.Fatal(err)
		}
		m, err := f.Frame(0)
		if err != nil {
			b.Fatal(err)
		}
		m.Render(m.Window())
	}
}

func BenchmarkUncompressed512(b *testing.B) { benchmark(b, "series_ct_lung", "000039.dcm") }

func BenchmarkJPEGLossless512(b *testing.B) {
	benchmark(b, "dicomParser", "CT0012.fragmented_no_bot_jpeg_lossless.70.dcm")
}

func BenchmarkJPEGLS512(b *testing.B) {
	benchmark(b, "dicomParser", "CT0012.fragmented_no_bot_jpeg_ls.80.dcm")
}

func BenchmarkJPEG2000Of512(b *testing.B) { benchmark(b, "dwv", "nema-ct1_j2ki.dcm") }

func BenchmarkRLE512(b *testing.B) { benchmark(b, "go-dicom", "D_CLUNIE_CT1_RLE_FRAGS.dcm") }

// BenchmarkWindow is a window drag on 512×512 pixels.
func BenchmarkWindow(b *testing.B) {
	values := make([]float32, 512*512)
	for i := range values {
		values[i] = float32(i%2000) - 1000
	}
	w := Window{Center: 40, Width: 400}
	for b.Loop() {
		Render(values, w, false)
	}
}
