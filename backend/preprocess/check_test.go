package preprocess

import (
	"strings"
	"testing"

	"picasso/backend/infer"
	"picasso/backend/picture"
)

func tensor(channels int, values ...float32) infer.Tensor {
	t := infer.NewTensor(channels, 1, len(values)/channels)
	copy(t.Data, values)
	return t
}

func TestWhatLooksWrongWithAnInput(t *testing.T) {
	ramp := picture.NewFloat("ramp", 8, 1, 1, []float32{0, 1, 2, 3, 4, 5, 6, 7})
	for _, c := range []struct {
		name  string
		img   *picture.Image
		input infer.Tensor
		want  string
	}{
		{"as it is", ramp, tensor(1, 0, .1, .2, .3, .4, .5, .6, .7), ""},
		{"constant", ramp, tensor(1, 3, 3, 3, 3, 3, 3, 3, 3), "All values of the model's input are 3"},
		{"cut off", ramp, tensor(1, 0, 0, 0, 0, .5, 1, 1, 1), "contrast is lost"},
		{"an array, which is used as it is", nil, tensor(1, 3, 3, 3, 3), ""},
		{"a picture of one colour", picture.NewFloat("flat", 2, 1, 1, []float32{5, 5}), tensor(1, 3, 3), ""},
	} {
		got := strings.Join(Check(c.img, c.input), " ")
		if (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestStatistics(t *testing.T) {
	got := Statistics(tensor(2, 1, 2, 6, -1, 0, 1))
	if len(got) != 2 || got[0] != (ChannelStats{1, 3, 6}) || got[1] != (ChannelStats{-1, 0, 1}) {
		t.Errorf("%+v", got)
	}
	if Statistics(infer.Tensor{Shape: []int{4}}) != nil {
		t.Error("a tensor without channels has statistics")
	}
}
