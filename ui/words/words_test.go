package words

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"

	"picasso/ui/control/task"
)

func TestErrorsInWords(t *testing.T) {
	if Say("open x", nil) != nil || Say("open x", fmt.Errorf("run: %w", context.Canceled)) != nil {
		t.Error("nothing happened, yet it is told")
	}
	_, missing := os.Open("/nowhere/at.all")
	for _, c := range []struct {
		err  error
		want string
	}{
		{errors.New("m.onnx is a web page"), "m.onnx is a web page."},
		{errors.New("too large"), "Too large."},
		{missing, "open /nowhere/at.all: no such file or directory. It was moved"},
		{&fs.PathError{Op: "open", Path: "p", Err: fs.ErrPermission}, "change its permissions"},
		{&task.Crash{What: "index", Stack: "stack"}, "not in your files (index)"},
	} {
		got := Say("open x", c.err)
		if got == nil || !strings.Contains(strings.ToLower(got.Text), strings.ToLower(c.want)) {
			t.Errorf("%v: %+v, want %q", c.err, got, c.want)
		}
	}
	long := Say("open x", errors.New("the library is missing.\nLooked in:\n a\n b\nRemedy: run make setup"))
	if long.Text != "The library is missing.\nRemedy: run make setup." || !strings.Contains(long.Details, " b") {
		t.Errorf("a long text became %+v", long)
	}
	if got := Say("open x", &task.Crash{What: "index", Stack: "stack"}); got.Details != "stack" {
		t.Errorf("details %q", got.Details)
	}
}
