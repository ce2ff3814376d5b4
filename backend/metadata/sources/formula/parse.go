package formula

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"

	"picasso/backend/jsondoc"
)

// mostItems bounds the numbers in a list.
const mostItems = 1024

var errNone = errors.New("no formula that is carried out")

// parser reads a formula and computes it.
type parser struct {
	r     *resolver
	text  string
	at    int
	depth int
}

// whole is the value of all of the text.
func (p *parser) whole() (value, error) {
	v, err := p.sum()
	if err != nil {
		return v, err
	}
	if p.space(); p.at < len(p.text) || !finite(v) {
		return v, errNone
	}
	return v, nil
}

func finite(v value) bool {
	for _, one := range v.list {
		if !finite(one) {
			return false
		}
	}
	return !math.IsNaN(v.number) && !math.IsInf(v.number, 0)
}

func (p *parser) space() {
	for p.at < len(p.text) && strings.ContainsRune(" \t\n", rune(p.text[p.at])) {
		p.at++
	}
}

// take reports whether a sign comes next, and goes on behind it.
func (p *parser) take(sign string) bool {
	p.space()
	if !strings.HasPrefix(p.text[p.at:], sign) {
		return false
	}
	p.at += len(sign)
	return true
}

func (p *parser) sum() (value, error) {
	a, err := p.product()
	for err == nil {
		op := ""
		for _, sign := range []string{"+", "-"} {
			if op == "" && p.take(sign) {
				op = sign
			}
		}
		if op == "" {
			return a, nil
		}
		var b value
		if b, err = p.product(); err == nil {
			a, err = apply(op, a, b)
		}
	}
	return a, err
}

func (p *parser) product() (value, error) {
	a, err := p.factor()
	for err == nil {
		op := ""
		for _, sign := range []string{"**", "*", "//", "/", "%"} {
			if op == "" && p.take(sign) {
				op = sign
			}
		}
		if op == "" {
			return a, nil
		}
		var b value
		if b, err = p.factor(); err == nil {
			a, err = apply(op, a, b)
		}
	}
	return a, err
}

// factor is a number, a reference, a list or what stands in parentheses, perhaps with an
// index behind it.
func (p *parser) factor() (value, error) {
	if p.depth++; p.depth > mostDeep {
		return value{}, errNone
	}
	defer func() { p.depth-- }()
	if p.take("-") {
		v, err := p.factor()
		if err != nil || v.isList {
			return v, errors.Join(err, errNone)
		}
		v.number = -v.number
		return v, nil
	}
	v, err := p.primary()
	for err == nil && p.take("[") {
		v, err = p.index(v)
	}
	return v, err
}

func (p *parser) index(of value) (value, error) {
	i, err := p.sum()
	n := int(i.number)
	if n < 0 {
		n += len(of.list)
	}
	if err != nil || !i.whole || !of.isList || n < 0 || n >= len(of.list) || !p.take("]") {
		return value{}, errNone
	}
	return of.list[n], nil
}

func (p *parser) primary() (value, error) {
	switch {
	case p.take("@"):
		return p.referred()
	case p.take("["):
		v, _, err := p.items("]")
		return v, err
	case p.take("("):
		v, tuple, err := p.items(")")
		if err == nil && !tuple && len(v.list) == 1 {
			return v.list[0], nil
		}
		return v, err
	}
	for _, name := range []string{"int", "float", "list", "tuple"} {
		if p.take(name) {
			return p.call(name)
		}
	}
	return p.numeral()
}

// call is one of the few functions, behind its name.
func (p *parser) call(name string) (value, error) {
	if !p.take("(") {
		return value{}, errNone
	}
	all, _, err := p.items(")")
	if err != nil || len(all.list) != 1 {
		return value{}, errNone
	}
	v := all.list[0]
	switch lists := name == "list" || name == "tuple"; {
	case lists != v.isList:
		return value{}, errNone
	case name == "int":
		v.number, v.whole = math.Trunc(v.number), true
	case name == "float":
		v.whole = false
	}
	return v, nil
}

func (p *parser) referred() (value, error) {
	from := p.at
	for p.at < len(p.text) && strings.IndexByte(names, p.text[p.at]) >= 0 {
		p.at++
	}
	found := p.r.find(p.text[from:p.at])
	if found == nil {
		return value{}, errNone
	}
	return of(p.r.node(found, p.depth+1))
}

// items are the values up to a closing sign; tuple tells that there was a comma.
func (p *parser) items(end string) (v value, comma bool, err error) {
	var all []value
	for ended := p.take(end); !ended; {
		one, err := p.sum()
		if err != nil {
			return v, comma, errNone
		}
		all = append(all, one)
		if p.take(",") {
			comma = true
			ended = p.take(end)
		} else if ended = p.take(end); !ended {
			return v, comma, errNone
		}
	}
	v, err = listed(all)
	return v, comma, err
}

func (p *parser) numeral() (value, error) {
	p.space()
	from := p.at
	for p.at < len(p.text) && (strings.IndexByte("0123456789.", p.text[p.at]) >= 0 || p.exponent(from)) {
		p.at++
	}
	n, err := jsondoc.Parse([]byte(strings.TrimPrefix(p.text[from:p.at], "+")))
	if err != nil {
		x, err := strconv.ParseFloat(p.text[from:p.at], 64) // as Python writes it: "2." and ".5"
		return value{number: x}, err
	}
	return of(n)
}

// exponent reports whether the next letter belongs to the exponent of a number that began
// before.
func (p *parser) exponent(from int) bool {
	switch c := p.text[p.at]; {
	case p.at == from:
		return false
	case c == 'e' || c == 'E':
		return true
	case c == '-' || c == '+':
		return strings.IndexByte("eE", p.text[p.at-1]) >= 0
	}
	return false
}

// apply is an operation on two values, as Python has it.
func apply(op string, a, b value) (value, error) {
	switch {
	case a.isList && b.isList && op == "+":
		return listed(slices.Concat(a.list, b.list))
	case op == "*" && a.isList != b.isList:
		if b.isList {
			a, b = b, a
		}
		if !b.whole || float64(max(1, a.size))*b.number > mostItems {
			return value{}, errNone
		}
		return listed(slices.Repeat(a.list, max(0, int(b.number))))
	case a.isList || b.isList:
		return value{}, errNone
	}
	whole := a.whole && b.whole
	switch op {
	case "+":
		return value{number: a.number + b.number, whole: whole}, nil
	case "-":
		return value{number: a.number - b.number, whole: whole}, nil
	case "*":
		return value{number: a.number * b.number, whole: whole}, nil
	case "**":
		return value{number: math.Pow(a.number, b.number), whole: whole && b.number >= 0}, nil
	}
	if b.number == 0 {
		return value{}, errNone
	}
	switch op {
	case "//":
		return value{number: math.Floor(a.number / b.number), whole: whole}, nil
	case "%":
		return value{number: a.number - b.number*math.Floor(a.number/b.number), whole: whole}, nil
	}
	return value{number: a.number / b.number}, nil
}
