package textproto_test

import (
	"errors"
	"strings"
	"testing"

	"picasso/backend/textproto"
)

const triton = `# an image model
name: "densenet"
platform: 'onnxruntime_onnx'
max_batch_size : 0
input [
  {
    name: "data_0"
    data_type: TYPE_FP32
    format: FORMAT_NCHW
    dims: [ 3, 224, 224 ]
    reshape { shape: [ 1, 3, 224, 224 ] }
  }
]
output {
  name: "fc6_1", dims: 1000; dims: -1
  label_filename: "densenet_" "labels.txt"
}
`

func TestConfigurationOfTriton(t *testing.T) {
	m, err := textproto.Parse(triton)
	if err != nil {
		t.Fatal(err)
	}
	in, out := m.All("input"), m.All("output")
	if m.Text("name") != "densenet" || m.Text("platform") != "onnxruntime_onnx" || len(in) != 1 || len(out) != 1 {
		t.Fatalf("read %+v", m)
	}
	if dims := in[0].Message.All("dims"); len(dims) != 3 || dims[1].Text != "224" || dims[0].Line != 10 {
		t.Errorf("dims are %+v", dims)
	}
	if got := in[0].Message.Text("format"); got != "FORMAT_NCHW" {
		t.Errorf("format is %q", got)
	}
	if got := out[0].Message.Text("label_filename"); got != "densenet_labels.txt" {
		t.Errorf("labels are in %q", got)
	}
	if dims := out[0].Message.All("dims"); len(dims) != 2 || dims[1].Text != "-1" {
		t.Errorf("dims are %+v", dims)
	}
}

func TestEscapesInText(t *testing.T) {
	m, err := textproto.Parse(`a: "x\ty\"\303\274" b: '\q'`)
	if err != nil || m.Text("a") != "x\ty\"ü" || m.Text("b") != `\q` {
		t.Errorf("read %q and %q, %v", m.Text("a"), m.Text("b"), err)
	}
}

func TestMistakesNameTheLine(t *testing.T) {
	for text, line := range map[string]int{
		"a: 1\nb {\n c: 2\n":                     4,
		"a: 1\nb: \"open\n":                      2,
		"a\nb: 1":                                2,
		"a: [1 2]":                               1,
		"\n\n}":                                  3,
		"a:":                                     1,
		strings.Repeat("a {", 100):               1,
		strings.Repeat("a: 1\n", 1<<16) + "b: 2": 1<<16 + 1,
	} {
		_, err := textproto.Parse(text)
		var syntax *textproto.SyntaxError
		if !errors.As(err, &syntax) || syntax.Line != line {
			t.Errorf("%.40q: %v, want a mistake in line %d", text, err, line)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{triton, "a: 1", "a { b: 'x' }", "a [", "a: \"\\x\"", "<", "a<b:1>"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := textproto.Parse(text)
		var syntax *textproto.SyntaxError
		if err != nil && (!errors.As(err, &syntax) || syntax.Line < 1) {
			t.Fatalf("error %v has no line", err)
		}
		for _, field := range m {
			if field.Name == "" {
				t.Fatal("a field has no name")
			}
		}
	})
}
