package pages

import (
	"bytes"
	"fmt"
	"strings"
)

// Status is an exit status and what it tells.
type Status struct {
	Code int
	Text string
}

// Manual is the manual page of a release, in the language of man(7).
func Manual(version string, list []Page, statuses []Status) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, ".TH PICASSO 1 \"\" \"Picasso %s\" \"User Commands\"\n", escaped(version))
	b.WriteString(".SH NAME\npicasso \\- shows why an image classifier decides as it does\n")
	b.WriteString(".SH SYNOPSIS\n.B picasso\n[\\fIfile\\fR or \\fIfolder\\fR ...]\n")
	for _, p := range list {
		fmt.Fprintf(&b, ".br\n.B picasso %s\n%s\n", p.Name, escaped(p.Args))
	}
	b.WriteString(".SH DESCRIPTION\nWithout a command, the window opens the given models (ONNX), pictures, folders and labels. ")
	b.WriteString("If a window is already open, it opens them. Nothing leaves the machine.\n.SH COMMANDS\n")
	for _, p := range list {
		fmt.Fprintf(&b, ".SS %s\n%s.\n", p.Name, escaped(p.About))
		for _, o := range p.Flags {
			fmt.Fprintf(&b, ".TP\n.BI \\-\\-%s \" %s\"\n%s\n", escaped(o.Name), escaped(o.Value), escaped(o.described()))
		}
	}
	b.WriteString(".SH EXIT STATUS\n")
	for _, s := range statuses {
		fmt.Fprintf(&b, ".TP\n%d\n%s\n", s.Code, s.Text)
	}
	b.WriteString(".SH ENVIRONMENT\n.TP\nPICASSO_ONNXRUNTIME\nthe ONNX Runtime library, or its folder\n")
	return b.Bytes()
}

func (o Flag) described() string {
	if o.Fallback == "" {
		return o.Usage
	}
	return fmt.Sprintf("%s (default %s)", o.Usage, o.Fallback)
}

// escaped makes text mean itself: no line starts a request, no hyphen is
// set as a dash.
func escaped(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`, "\n", " ").Replace(s)
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		s = `\&` + s
	}
	return s
}
