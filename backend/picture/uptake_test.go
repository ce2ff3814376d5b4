package picture

import (
	"errors"
	"math"
	"slices"
	"testing"

	. "picasso/backend/picture/dicom/dicomtest"
)

// petAt is a slice of PET in Bq/ml: 50 kg, 50 MBq, corrected to the injection.
func petAt(n int, weight string) []byte {
	return File(at("1.2.3", n, float64(n)), Grey(1, 2, []int16{1000, int16(2000 + 1000*n)}), []Element{
		Text(modality, "CS", "PT"), Text(0x00101030, "DS", weight), Text(0x00280051, "CS", `ATTN\DECY`), Text(0x00541001, "CS", "BQML"), Text(0x00541102, "CS", "ADMIN"),
		Sequence(0x00540016, []Element{Text(0x00181074, "DS", "5e7")}), Text(0x00281050, "DS", "2000"), Text(0x00281051, "DS", "4000"),
	})
}

func TestUptakeOfASeries(t *testing.T) {
	s := folderOf(t, petAt(0, "50"), petAt(1, "50"))[0]
	m, err := s.Slice(0)
	if err != nil || m.Unit != "Bq/ml" || !m.HasUptake() || len(m.Notes) > 0 {
		t.Fatalf("%q, %q, %v", m.Unit, m.Notes, err)
	}
	u, err := m.Uptake()
	if err != nil || u.Unit != "SUVbw" || u.HasUptake() {
		t.Fatalf("%+v, %v", u, err)
	}
	_, values := u.Samples()
	if want := []float32{1, 2}; !slices.Equal(values, want) || u.At(1, 0, 0) != 2 || m.At(1, 0, 0) != 2000 { // 50 000 g / 5·10⁷ Bq = 1/1000
		t.Errorf("%v, want %v", values, want)
	}
	if lo, hi := u.Scan.Window.Ends(); math.Abs(lo) > 1e-9 || math.Abs(hi-4) > 1e-9 || u.Range != [2]float32{float32(lo), float32(hi)} {
		t.Errorf("shown from %v to %v", lo, hi)
	}
	if n, err := u.Neighbour(1); err != nil || n.Unit != "SUVbw" || n.At(1, 0, 0) != 3 {
		t.Errorf("%+v, %v", n, err)
	}
	if u.SHA256 != m.SHA256 || u.Path != m.Path || u.Scan.Distance != 1 {
		t.Errorf("%+v", u.Scan)
	}
}

func TestNoUptake(t *testing.T) {
	m, err := folderOf(t, petAt(0, ""))[0].Slice(0)
	if err != nil || m.HasUptake() || !slices.Equal(m.Notes, []string{"values are in Bq/ml; for uptake values (SUV) the file lacks the patient's weight"}) {
		t.Fatalf("%q, %v", m.Notes, err)
	}
	var e *Error
	if _, err := m.Uptake(); !errors.As(err, &e) || e.Fault != "does not allow uptake values: the file lacks the patient's weight" {
		t.Errorf("%v", err)
	}
	if _, err := NewFloat("x", 1, 1, 1, []float32{1}).Uptake(); !errors.As(err, &e) {
		t.Errorf("%v", err)
	}
}

func TestWhatSaysNothingIsLeftOut(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(-1))
	m := NewFloat("x", 2, 2, 1, []float32{nan, 1, inf, 3})
	if m.NonFinite() != 2 || !m.Empty(0) || m.Empty(1) || m.Mean()[0] != 2 || m.Range != [2]float32{1, 3} {
		t.Errorf("%d, %v, %v", m.NonFinite(), m.Mean(), m.Range)
	}
	full := m.Filled(1)
	if full.NonFinite() != 0 || full.At(0, 0, 0) != 1 || full.At(1, 1, 0) != 3 || m.At(0, 0, 0) == m.At(0, 0, 0) {
		t.Errorf("%v", full)
	}
	if full.Filled(7) != full {
		t.Error("nothing to fill, and a copy")
	}
	padded, err := Decode("x", File(Grey(1, 4, []int16{-2000, 10, 20, -2000}), []Element{{Tag: 0x00280120, VR: "SS", Value: []byte{0x30, 0xf8}}}))
	if err != nil || padded.Mean()[0] != 15 || !padded.Empty(0) || padded.Empty(1) || padded.NonFinite() != 0 {
		t.Errorf("%v, %v", padded.Mean(), err)
	}
}
