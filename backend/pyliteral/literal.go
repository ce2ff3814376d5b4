// Package pyliteral reads the text that Python's str and repr give for plain
// data: numbers, strings, True, False, None, lists, tuples and dicts.
// Ultralytics writes the class names into ONNX files in this form:
//
//	{0: 'person', 1: "jack-o'-lantern"}
package pyliteral

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Bounds of what is read.
const (
	maxDepth  = 32
	maxValues = 1 << 20
)

// Pair is one entry of a dict. Dicts are lists of pairs, so that keys of every
// kind and their order are kept.
type Pair struct{ Key, Value any }

// SyntaxError is text that is no Python literal.
type SyntaxError struct {
	Line  int // from 1
	Fault string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("is not a Python literal in line %d: %s", e.Line, e.Fault)
}

// Parse reads one literal that fills the text. Values are nil, bool, int64,
// float64, string, []any (lists and tuples) and []Pair (dicts). Every error is
// a *[SyntaxError].
func Parse(text string) (any, error) {
	p := &parser{text: text}
	v := p.value(0)
	if p.space(); p.err == nil && p.at < len(text) {
		p.fail("there is more text after the value")
	}
	if p.err != nil {
		return nil, p.err
	}
	return v, nil
}

type parser struct {
	text   string
	at     int
	values int
	err    error
}

func (p *parser) fail(format string, args ...any) any {
	if p.err == nil {
		p.err = &SyntaxError{1 + strings.Count(p.text[:p.at], "\n"), fmt.Sprintf(format, args...)}
	}
	p.at = len(p.text)
	return nil
}

func (p *parser) space() {
	for p.at < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.at]) >= 0 {
		p.at++
	}
}

// take skips the character c.
func (p *parser) take(c byte) bool {
	if p.space(); p.at < len(p.text) && p.text[p.at] == c {
		p.at++
		return true
	}
	return false
}

func (p *parser) value(depth int) any {
	p.space()
	if p.values++; p.values > maxValues {
		return p.fail("it has more than %d values", maxValues)
	}
	if depth > maxDepth {
		return p.fail("values are nested more than %d deep", maxDepth)
	}
	if p.at >= len(p.text) {
		return p.fail("the text ends too early")
	}
	switch c := p.text[p.at]; c {
	case '{':
		return p.dict(depth)
	case '[':
		return p.list(']', depth)
	case '(':
		return p.list(')', depth)
	case '\'', '"':
		return p.quoted()
	}
	return p.word()
}

func (p *parser) list(end byte, depth int) any {
	p.at++
	list := []any{}
	for !p.take(end) {
		list = append(list, p.value(depth+1))
		if p.err != nil {
			return nil
		}
		if !p.take(',') {
			if !p.take(end) {
				return p.fail("%q is missing at the end of a list", end)
			}
			break
		}
	}
	return list
}

func (p *parser) dict(depth int) any {
	p.at++
	pairs := []Pair{}
	for !p.take('}') {
		key := p.value(depth + 1)
		if p.err == nil && !p.take(':') {
			p.fail("':' is missing after a key")
		}
		value := p.value(depth + 1)
		if p.err != nil {
			return nil
		}
		pairs = append(pairs, Pair{key, value})
		if !p.take(',') {
			if !p.take('}') {
				return p.fail("'}' is missing at the end of a dict")
			}
			break
		}
	}
	return pairs
}

// word is a number or one of Python's constants.
func (p *parser) word() any {
	from := p.at
	for p.at < len(p.text) && strings.IndexByte(" \t\r\n,:]})", p.text[p.at]) < 0 {
		p.at++
	}
	word := p.text[from:p.at]
	switch word {
	case "True":
		return true
	case "False":
		return false
	case "None":
		return nil
	}
	if i, err := strconv.ParseInt(word, 10, 64); err == nil {
		return i
	}
	if v, err := strconv.ParseFloat(word, 64); err == nil {
		return v
	}
	p.at = from
	return p.fail("%.40q is neither a number nor a text in quotes", word)
}

// quoted reads a string between single or double quotes.
func (p *parser) quoted() any {
	quote := p.text[p.at]
	p.at++
	var b strings.Builder
	for p.at < len(p.text) {
		c := p.text[p.at]
		p.at++
		switch c {
		case quote:
			return b.String()
		case '\\':
			p.escape(&b)
		default:
			b.WriteByte(c)
		}
	}
	return p.fail("a text is not closed by %c", quote)
}

func (p *parser) escape(b *strings.Builder) {
	if p.at >= len(p.text) {
		return
	}
	c := p.text[p.at]
	p.at++
	switch c {
	case 'n':
		b.WriteByte('\n')
	case 't':
		b.WriteByte('\t')
	case 'r':
		b.WriteByte('\r')
	case '\\', '\'', '"':
		b.WriteByte(c)
	case 'x':
		p.hex(b, 2)
	case 'u':
		p.hex(b, 4)
	case 'U':
		p.hex(b, 8)
	default:
		b.WriteByte('\\')
		b.WriteByte(c)
	}
}

// hex reads the number of a character.
func (p *parser) hex(b *strings.Builder, digits int) {
	if p.at+digits > len(p.text) {
		p.fail("an escape sequence is cut off")
		return
	}
	n, err := strconv.ParseUint(p.text[p.at:p.at+digits], 16, 32)
	if err != nil || !utf8.ValidRune(rune(n)) {
		p.fail("%q is not a character", p.text[p.at:p.at+digits])
		return
	}
	p.at += digits
	b.WriteRune(rune(n))
}
