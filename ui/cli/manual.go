package cli

import (
	"bytes"
	"context"
	"fmt"
	"strings"
)

// manual prints the manual page, in the language of man(7).
func manual(ctx context.Context, env Env, args []string) error {
	if err := parse(env, flags("manual"), args, nil); err != nil {
		return err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, ".TH PICASSO 1 \"\" \"Picasso %s\" \"User Commands\"\n", escaped(env.Version))
	b.WriteString(".SH NAME\npicasso \\- shows why an image classifier decides as it does\n")
	b.WriteString(".SH SYNOPSIS\n.B picasso\n[\\fIfile\\fR or \\fIfolder\\fR ...]\n")
	list := pages(ctx, env)
	for _, p := range list {
		fmt.Fprintf(&b, ".br\n.B picasso %s\n%s\n", p.name, escaped(p.args))
	}
	b.WriteString(".SH DESCRIPTION\nWithout a command, the window opens the given models (ONNX), pictures, folders and labels. ")
	b.WriteString("If a window is already open, it opens them. Nothing leaves the machine.\n.SH COMMANDS\n")
	for _, p := range list {
		fmt.Fprintf(&b, ".SS %s\n%s.\n", p.name, escaped(p.about))
		for _, o := range p.flags {
			fmt.Fprintf(&b, ".TP\n.BI \\-\\-%s \" %s\"\n%s\n", escaped(o.name), escaped(o.value), escaped(o.described()))
		}
	}
	b.WriteString(".SH EXIT STATUS\n")
	for _, row := range []struct {
		code int
		text string
	}{
		{Done, "everything asked for was done"}, {SomeFailed, "some pictures failed; the others are done"},
		{Usage, "the command line is wrong"}, {Unusable, "the model or ONNX Runtime could not be used"},
	} {
		fmt.Fprintf(&b, ".TP\n%d\n%s\n", row.code, row.text)
	}
	b.WriteString(".SH ENVIRONMENT\n.TP\nPICASSO_ONNXRUNTIME\nthe ONNX Runtime library, or its folder\n")
	_, err := env.Stdout.Write(b.Bytes())
	return err
}

func (o option) described() string {
	if o.fallback == "" {
		return o.usage
	}
	return fmt.Sprintf("%s (default %s)", o.usage, o.fallback)
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
