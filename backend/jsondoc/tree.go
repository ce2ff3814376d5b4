package jsondoc

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Kind is the type of a JSON value, named as in JSON Schema.
type Kind string

// Kinds of values.
const (
	Null    Kind = "null"
	Boolean Kind = "boolean"
	Number  Kind = "number"
	String  Kind = "string"
	Array   Kind = "array"
	Object  Kind = "object"
)

// Node is one value of a JSON file.
type Node struct {
	Kind   Kind
	Line   int              // in the file, from 1
	Raw    json.RawMessage  // its text, a part of the file
	Keys   []string         // of an object, in the order of the file
	Fields map[string]*Node // of an object
	Items  []*Node          // of an array
}

// Bounds of a file: how deep values may lie in each other, and how many there
// may be.
const (
	maxDepth = 64
	maxNodes = 1 << 21
)

// SyntaxError is text that is no JSON.
type SyntaxError struct {
	Line int // from 1
	Err  error
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("is not valid JSON in line %d: %v", e.Line, e.Err)
}

// Unwrap gives the decoder's error.
func (e *SyntaxError) Unwrap() error { return e.Err }

// Parse reads one JSON value that fills data. A byte order mark is skipped.
// Every error is a *[SyntaxError].
func Parse(data []byte) (*Node, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	p := &parser{data: data, line: 1, dec: json.NewDecoder(bytes.NewReader(data))}
	p.dec.UseNumber()
	n, err := p.value(0)
	if err == nil {
		if _, end := p.dec.Token(); !errors.Is(end, io.EOF) {
			err = errors.New("there is more text after the value")
		}
	}
	if err != nil {
		p.lineAt(int(p.dec.InputOffset()))
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			p.lineAt(int(syntax.Offset))
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = errors.New("the text ends too early")
			p.lineAt(len(data))
		}
		return nil, &SyntaxError{p.line, err}
	}
	return n, nil
}

// parser follows the tokens of the standard decoder and counts lines.
type parser struct {
	data  []byte
	dec   *json.Decoder
	at    int // offset up to which lines are counted
	line  int
	nodes int
}

// lineAt moves the line count to an offset. Offsets only grow, but for that of
// an error, which may lie a little before.
func (p *parser) lineAt(offset int) int {
	offset = min(offset, len(p.data))
	if offset < p.at {
		p.at, p.line = 0, 1
	}
	p.line += bytes.Count(p.data[p.at:offset], []byte("\n"))
	p.at = offset
	return p.line
}

// start is the offset of the next token.
func (p *parser) start() int {
	at := int(p.dec.InputOffset())
	for at < len(p.data) && bytes.IndexByte([]byte(" \t\r\n:,"), p.data[at]) >= 0 {
		at++
	}
	return at
}

func (p *parser) value(depth int) (*Node, error) {
	from := p.start()
	token, err := p.dec.Token()
	if err != nil {
		return nil, err
	}
	if p.nodes++; p.nodes > maxNodes {
		return nil, fmt.Errorf("it has more than %d values", maxNodes)
	}
	if depth > maxDepth {
		return nil, fmt.Errorf("values are nested more than %d deep", maxDepth)
	}
	n := &Node{Line: p.lineAt(from)}
	switch t := token.(type) {
	case nil:
		n.Kind = Null
	case bool:
		n.Kind = Boolean
	case json.Number:
		n.Kind = Number
	case string:
		n.Kind = String
	case json.Delim:
		if t == '[' {
			err = p.array(n, depth)
		} else {
			err = p.object(n, depth)
		}
	}
	n.Raw = json.RawMessage(p.data[from:p.dec.InputOffset()])
	return n, err
}

func (p *parser) array(n *Node, depth int) error {
	n.Kind = Array
	for p.dec.More() {
		item, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		n.Items = append(n.Items, item)
	}
	_, err := p.dec.Token()
	return err
}

func (p *parser) object(n *Node, depth int) error {
	n.Kind, n.Fields = Object, make(map[string]*Node)
	for p.dec.More() {
		token, err := p.dec.Token()
		if err != nil {
			return err
		}
		key, ok := token.(string)
		if !ok {
			return errors.New("a key must be text in quotes")
		}
		if n.Fields[key] != nil {
			return fmt.Errorf("the key %.100q appears twice", key)
		}
		field, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		n.Keys = append(n.Keys, key)
		n.Fields[key] = field
	}
	_, err := p.dec.Token()
	return err
}

// At is the value under the keys, nil where there is none.
func (n *Node) At(keys ...string) *Node {
	for _, key := range keys {
		if n == nil {
			return nil
		}
		n = n.Fields[key]
	}
	return n
}

// Decode reads the value into v as [json.Unmarshal] does.
func (n *Node) Decode(v any) error { return json.Unmarshal(n.Raw, v) }
