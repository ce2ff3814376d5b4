// Package words puts errors and numbers into the words that the window shows.
package words

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"picasso/backend/picture"
	"picasso/backend/score"
	"picasso/backend/visible"
	"picasso/ui/control/intake"
	"picasso/ui/control/task"
	"picasso/visualizers"
	"picasso/visualizers/script"
)

// Words are an error as the user reads it.
type Words struct {
	Title   string // what did not work
	Text    string // why, and what to do
	Details string // for reports, "" when there is nothing more
}

// Say puts an error into words. It returns nil where there is nothing to say:
// no error, or a task that the user cancelled.
func Say(doing string, err error) *Words {
	if err == nil || errors.Is(err, context.Canceled) {
		return nil
	}
	w := &Words{Title: "Could not " + doing, Text: Sentence(err.Error())}
	w.shorten()
	if doing == "" {
		w.Title = "Something went wrong"
	}
	var (
		crash *task.Crash
		part  *intake.PartError
		pic   *picture.Error
		fault *script.Error
	)
	switch {
	case errors.As(err, &crash):
		w.Text = "This is an error in the program, not in your files (" + crash.What + "). Everything else keeps working. Please report it with the details."
		w.Details = crash.Stack
	case errors.As(err, &part):
		w.sayPart(part)
	case errors.As(err, &fault):
		w.Text = placed(fault)
	case errors.As(err, &pic):
		w.Text = Sentence(pic.Error())
	case bare(err, fs.ErrPermission):
		w.Text = Sentence(err.Error()) + " You do not have permission to use this file; change its permissions or copy it elsewhere."
	case bare(err, fs.ErrNotExist):
		w.Text = Sentence(err.Error()) + " It was moved, renamed or deleted."
	case errors.Is(err, context.DeadlineExceeded):
		w.Text = "It took too long and was stopped."
	}
	return w
}

// placed says where in a script the fault is and shows the line.
func placed(e *script.Error) string {
	at := e.File
	if e.Line > 0 {
		at = fmt.Sprintf("%s:%d:%d", e.File, e.Line, e.Column)
	}
	text := at + ": " + Sentence(e.Message)
	if line := strings.TrimSpace(e.Text); line != "" {
		text += "\n    " + visible.Program(line)
	}
	return text
}

// shorten leaves the first and the last line of a long text, which by habit
// are the fault and the remedy, and moves the whole to the details.
func (w *Words) shorten() {
	const most = 3
	lines := strings.Split(w.Text, "\n")
	if len(lines) <= most {
		return
	}
	w.Details = w.Text
	w.Text = lines[0] + "\n" + lines[len(lines)-1]
}

// bare reports whether err is a fault of the file system that nobody has put
// into words yet.
func bare(err, kind error) bool {
	var pe *fs.PathError
	return errors.Is(err, kind) && errors.As(err, &pe) && strings.HasSuffix(err.Error(), pe.Err.Error())
}

// sayPart tells about several files of which some cannot be used.
func (w *Words) sayPart(p *intake.PartError) {
	if p.Used > 0 {
		w.Title = "Some files were left out"
	}
	var lines []string
	for _, e := range p.Problems {
		lines = append(lines, Sentence(e.Error()))
	}
	const most = 3
	w.Text = strings.Join(lines[:min(most, len(lines))], "\n")
	if len(lines) > most {
		w.Details = strings.Join(lines, "\n")
	}
}

// Sentence makes text begin with a capital, unless it begins with a path or a
// name, and end with a full stop.
func Sentence(text string) string {
	text = strings.TrimSpace(text)
	if text == "" {
		return text
	}
	first, _, _ := strings.Cut(text, " ")
	if strings.Trim(first, "abcdefghijklmnopqrstuvwxyz") == "" {
		text = strings.ToUpper(text[:1]) + text[1:]
	}
	if !strings.ContainsAny(text[len(text)-1:], ".!?)") {
		text += "."
	}
	return text
}

// Count writes "1 class", "2 classes".
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// Score is [visualizers.ScoreWords].
func Score(v float64, s score.Score) string { return visualizers.ScoreWords(v, s) }
