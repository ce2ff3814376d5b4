package spelling

import (
	"math"
	"testing"
)

func TestNumbersHaveThreeDigitsAndNoExponent(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 1: "1.00", 0.95449: "0.954", 0.9999: "1.00", 0.99949: "0.999", 9.996: "10.0", 9.994: "9.99", 99.96: "100", 999.6: "1000",
		-0.0123456: "–0.0123", 12345.6: "12346", 2.5e9: "2500000000", 1.234e-7: "0.000000123", 1e-15: "almost 0", -42: "–42.0",
		math.Inf(-1): "–infinity",
	} {
		if got := Number(v); got != want {
			t.Errorf("%g is %q, want %q", v, got, want)
		}
	}
	if got := Number(math.NaN()); got != "unknown" {
		t.Errorf("NaN is %q", got)
	}
	if Signed(0.5) != "+0.500" || Signed(-0.5) != "–0.500" || Signed(0) != "0" {
		t.Errorf("signs: %s %s %s", Signed(0.5), Signed(-0.5), Signed(0))
	}
}
