package widgets

import (
	"strings"

	"fyne.io/fyne/v2"
)

// Fit shortens text with an ellipsis until it is no wider than width.
func Fit(text string, width, size float32, style fyne.TextStyle) string {
	if fyne.MeasureText(text, size, style).Width <= width {
		return text
	}
	runes := []rune(text)
	low, high := 0, len(runes)
	for low < high {
		middle := (low + high + 1) / 2
		if fyne.MeasureText(string(runes[:middle])+"\u2026", size, style).Width <= width {
			low = middle
		} else {
			high = middle - 1
		}
	}
	if low == 0 {
		return ""
	}
	return string(runes[:low]) + "\u2026"
}

// Wrap breaks text into lines no wider than width: between words, or inside a
// word that is too long for a line. What does not fit into most lines is cut
// off with an ellipsis.
func Wrap(text string, width, size float32, most int) []string {
	wide := func(s string) bool { return fyne.MeasureText(s, size, fyne.TextStyle{}).Width > width }
	var lines []string
	line := ""
	words := strings.Fields(text)
	for len(words) > 0 {
		word := words[0]
		next := strings.TrimSpace(line + " " + word)
		switch {
		case len(lines) == most-1 && wide(strings.TrimSpace(line+" "+strings.Join(words, " "))):
			return append(lines, Fit(strings.TrimSpace(line+" "+strings.Join(words, " ")), width, size, fyne.TextStyle{}))
		case !wide(next):
			line, words = next, words[1:]
		case line != "":
			lines, line = append(lines, line), ""
		default:
			runes := []rune(word)
			n := 1
			for n < len(runes) && !wide(string(runes[:n+1])) {
				n++
			}
			if slash := strings.LastIndex(string(runes[:n]), "/"); slash > 0 && n < len(runes) {
				n = len([]rune(string(runes[:n])[:slash+1]))
			}
			lines, words[0] = append(lines, string(runes[:n])), string(runes[n:])
			if n == len(runes) {
				words = words[1:]
			}
		}
		if len(lines) >= most {
			return lines
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
