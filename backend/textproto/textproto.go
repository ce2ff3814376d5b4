// Package textproto reads the text form of Protocol Buffers without knowing
// the message types, as far as configuration files use it (Triton's
// config.pbtxt): scalar fields, lists in brackets, nested messages, comments.
package textproto

import (
	"fmt"
	"strconv"
	"strings"
)

// Bounds of what is read.
const (
	maxDepth  = 32
	maxFields = 1 << 16
)

// Message is the fields of a message in the order of the file.
type Message []Field

// Field is one value of a field; a repeated field has several. Exactly one of
// Text and Message is used.
type Field struct {
	Name    string
	Line    int     // from 1
	Text    string  // a scalar: text without quotes, a number or a name as written
	Message Message // nil for a scalar
}

// SyntaxError is text that is not in the text form.
type SyntaxError struct {
	Line  int // from 1
	Fault string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("cannot be read in line %d: %s", e.Line, e.Fault)
}

// Parse reads a whole file. Every error is a *[SyntaxError].
func Parse(text string) (Message, error) {
	p := &parser{text: text, line: 1}
	m := p.message("", 0)
	if p.err != nil {
		return nil, p.err
	}
	return m, nil
}

// All are the values of a field.
func (m Message) All(name string) []Field {
	var list []Field
	for _, f := range m {
		if f.Name == name {
			list = append(list, f)
		}
	}
	return list
}

// Text is the last scalar of a field, "" where there is none.
func (m Message) Text(name string) string {
	text := ""
	for _, f := range m {
		if f.Name == name && f.Message == nil {
			text = f.Text
		}
	}
	return text
}

type parser struct {
	text   string
	at     int
	line   int
	fields int
	err    error
}

func (p *parser) fail(format string, args ...any) {
	if p.err == nil {
		p.err = &SyntaxError{p.line, fmt.Sprintf(format, args...)}
	}
	p.at = len(p.text)
}

// peek is the next character that is no space and no comment, 0 at the end.
func (p *parser) peek() byte {
	for p.at < len(p.text) {
		switch c := p.text[p.at]; {
		case c == '\n':
			p.line++
		case c == '#':
			end := strings.IndexByte(p.text[p.at:], '\n')
			if end < 0 {
				p.at = len(p.text)
				return 0
			}
			p.at += end
			continue
		case c != ' ' && c != '\t' && c != '\r':
			return c
		}
		p.at++
	}
	return 0
}

func (p *parser) take(set string) bool {
	if c := p.peek(); c != 0 && strings.IndexByte(set, c) >= 0 {
		p.at++
		return true
	}
	return false
}

// message reads fields up to the closing bracket, or to the end of the file
// where end is "".
func (p *parser) message(end string, depth int) Message {
	m := Message{}
	if depth > maxDepth {
		p.fail("messages are nested more than %d deep", maxDepth)
	}
	for p.err == nil {
		if p.take(",;") {
			continue
		}
		c := p.peek()
		if c == 0 && end == "" || end != "" && p.take(end) {
			return m
		}
		if c == 0 {
			p.fail("%q is missing at the end of a message", end)
			return nil
		}
		name := p.name()
		if name == "" {
			p.fail("expected the name of a field, not %q", c)
			return nil
		}
		m = p.values(m, name, depth)
	}
	return nil
}

// values reads what follows the name of a field.
func (p *parser) values(m Message, name string, depth int) Message {
	colon := p.take(":")
	line := p.line
	switch {
	case p.take("["):
		for p.err == nil && !p.take("]") {
			m = p.value(m, name, depth)
			if c := p.peek(); c != ',' && c != ']' {
				p.fail("',' or ']' is missing in the list %q", name)
			}
			p.take(",")
		}
	case p.peek() == '{' || p.peek() == '<' || colon:
		m = p.value(m, name, depth)
	default:
		p.line = line
		p.fail("':' or '{' is missing after %q", name)
	}
	return m
}

func (p *parser) value(m Message, name string, depth int) Message {
	c := p.peek()
	f := Field{Name: name, Line: p.line}
	if p.fields++; p.fields > maxFields {
		p.fail("it has more than %d values", maxFields)
	}
	switch {
	case p.take("{"):
		f.Message = p.message("}", depth+1)
	case p.take("<"):
		f.Message = p.message(">", depth+1)
	case c == '"' || c == '\'':
		for c := p.peek(); p.err == nil && (c == '"' || c == '\''); c = p.peek() {
			f.Text += p.quoted()
		}
	default:
		if f.Text = p.name(); f.Text == "" {
			p.fail("a value is missing after %q", name)
		}
	}
	return append(m, f)
}

// name is a run of letters, digits and the characters of numbers.
func (p *parser) name() string {
	p.peek()
	from := p.at
	for p.at < len(p.text) {
		c := p.text[p.at]
		if c != '_' && c != '.' && c != '-' && c != '+' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			break
		}
		p.at++
	}
	return p.text[from:p.at]
}

func (p *parser) quoted() string {
	from, quote := p.at, p.text[p.at]
	for p.at++; p.at < len(p.text); p.at++ {
		switch p.text[p.at] {
		case '\n':
			p.fail("a text is not closed by %c", quote)
			return ""
		case '\\':
			p.at++
		case quote:
			p.at++
			return unquote(p.text[from+1:p.at-1], quote)
		}
	}
	p.at = len(p.text)
	p.fail("a text is not closed by %c", quote)
	return ""
}

// unquote resolves escapes; text with unknown ones is taken as it is.
func unquote(text string, quote byte) string {
	if !strings.ContainsRune(text, '\\') {
		return text
	}
	var b strings.Builder
	for rest := text; rest != ""; {
		r, multi, tail, err := strconv.UnquoteChar(rest, quote)
		if err != nil {
			return text
		}
		if multi || r < 0x80 {
			b.WriteRune(r)
		} else {
			b.WriteByte(byte(r))
		}
		rest = tail
	}
	return b.String()
}
