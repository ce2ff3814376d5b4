package listing

import (
	"strconv"
	"strings"
)

// shows is the filter as a test of items. All of its words have to hold:
//
//	cat         the name, the answer or the label contains it
//	answer:cat  the answer does; likewise name: and label:
//	<0.6        the confidence is below; likewise >, <=, >=, and 60%
//
// Upper and lower case are the same. What looks like a comparison and has no
// number is looked for as text.
func (l Listing) shows() func(*Item) bool {
	var tests []func(*Item) bool
	for _, word := range strings.Fields(strings.ToLower(l.Filter)) {
		tests = append(tests, test(word))
	}
	return func(i *Item) bool {
		for _, holds := range tests {
			if !holds(i) {
				return false
			}
		}
		return true
	}
}

func test(word string) func(*Item) bool {
	if t := comparison(word); t != nil {
		return t
	}
	if key, text, ok := strings.Cut(word, ":"); ok {
		switch key {
		case "name":
			return func(i *Item) bool { return contains(i.Name, text) }
		case "answer":
			return func(i *Item) bool { return contains(i.Answer, text) }
		case "label":
			return func(i *Item) bool { return contains(i.Label, text) }
		}
	}
	return func(i *Item) bool {
		return contains(i.Name, word) || contains(i.Answer, word) || contains(i.Label, word)
	}
}

func contains(text, part string) bool { return strings.Contains(strings.ToLower(text), part) }

// comparison is a test of the confidence, nil for another word. An answer that
// is not known is neither above nor below.
func comparison(word string) func(*Item) bool {
	sign, text := word[:1], word[1:]
	if sign != "<" && sign != ">" {
		return nil
	}
	text, orEqual := strings.CutPrefix(text, "=")
	text, percent := strings.CutSuffix(text, "%")
	limit, err := strconv.ParseFloat(text, 64)
	if err != nil || limit-limit != 0 {
		return nil
	}
	if percent {
		limit /= 100
	}
	return func(i *Item) bool {
		switch {
		case i.Answer == "":
			return false
		case i.Confidence == limit:
			return orEqual
		}
		return (i.Confidence < limit) == (sign == "<")
	}
}
