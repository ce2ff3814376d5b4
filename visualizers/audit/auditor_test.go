package audit

import (
	"encoding/json"
	"math"
	"math/rand/v2"
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

// Lists hold float32, which loses none of the six digits.
func TestListsOfNumbersKeepSixDigits(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		v := math.Pow(10, 30*random.Float64()-15) * (1 - 2*random.Float64())
		text, err := json.Marshal(NumbersOf(v, math.NaN()))
		if want := "[" + Number(v).String() + ",null]"; err != nil || string(text) != want {
			t.Fatalf("%g is written %s, want %s, %v", v, text, want, err)
		}
		var back Numbers
		if err := json.Unmarshal(text, &back); err != nil || len(back) != 2 || back[0] != NumbersOf(v)[0] || back[1] == back[1] || cap(back) != 2 {
			t.Fatalf("%s is read as %v, %v", text, back, err)
		}
	}
	for text, length := range map[string]int{"null": 0, "[]": 0, " [ 1 , null ] ": 2, "[1,": -1, `["1"]`: -1, "[1,]": -1, "{}": -1, "[[1]]": -1, "[1e99]": -1, "7": -1} {
		var n Numbers
		if err := json.Unmarshal([]byte(text), &n); err == nil != (length >= 0) || err == nil && len(n) != length {
			t.Errorf("%s: %v, %v", text, n, err)
		}
	}
}
