package audit

import (
	"encoding/json"
	"math"
	"testing"
)

func TestNumbersAreWrittenWithSixDigits(t *testing.T) {
	for n, want := range map[Number]string{0.123456789: "0.123457", 1234567: "1.23457e+06", 0: "0", Number(math.Inf(1)): "null"} {
		text, err := json.Marshal(n)
		if err != nil || string(text) != want {
			t.Errorf("%g is written %s, %v", float64(n), text, err)
		}
		var back Number
		if err := json.Unmarshal(text, &back); err != nil || want != "null" && back != n.Rounded() || want == "null" && !math.IsNaN(float64(back)) {
			t.Errorf("%s is read as %g, %v", text, float64(back), err)
		}
	}
	if r := Number(0.123456789).Rounded(); r.Rounded() != r {
		t.Error("rounding twice is not rounding once")
	}
}
