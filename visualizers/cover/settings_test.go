package cover

import (
	"encoding/json"
	"picasso/visualizers"
	"reflect"
	"strings"
	"testing"
)

func TestParseValues(t *testing.T) {
	v := Occlusion{}
	got, err := visualizers.ParseValues(v, nil, []string{"size=9", "fill=127", "size=24x16"})
	if err != nil {
		t.Fatal(err)
	}
	if got["size"] != (visualizers.Span{X: visualizers.Length{Value: 24}, Y: visualizers.Length{Value: 16}}) || got["fill"] != "127" || got["engine"] != "auto" {
		t.Errorf("values %v", got)
	}
	for pair, says := range map[string]string{
		"sise=3":     `did you mean "size"`,
		"size":       "key=value",
		"fill=mauve": "choose mean, grey",
	} {
		if _, err := visualizers.ParseValues(v, nil, []string{pair}); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v does not say %q", pair, err, says)
		}
	}
	delete(got, "stride")
	if err := visualizers.CheckValues(v, nil, got); err == nil || !strings.Contains(err.Error(), "stride: no value") {
		t.Errorf("missing stride: %v", err)
	}
}

func TestDescriptionIsPlainData(t *testing.T) {
	data, err := json.Marshal(visualizers.Describe(Occlusion{}))
	if err != nil {
		t.Fatal(err)
	}
	var back visualizers.Description
	if err := json.Unmarshal(data, &back); err != nil || !reflect.DeepEqual(back, visualizers.Describe(Occlusion{})) {
		t.Errorf("%s is read back as %+v, %v", data, back, err)
	}
	if !strings.Contains(string(data), `"key":"size","type":"extent"`) {
		t.Errorf("%s", data)
	}
}
