package visualizers

import "fmt"

// suggest returns ", did you mean X?" in brackets for the option nearest to a
// mistyped word, or "" when none is near.
func suggest(word string, options []string) string {
	best, nearest := len(word)/2+1, ""
	for _, option := range options {
		if d := editDistance(word, option); d < best {
			best, nearest = d, option
		}
	}
	if nearest == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", nearest)
}

// editDistance counts the insertions, deletions and replacements that turn a
// into b (Levenshtein).
func editDistance(a, b string) int {
	const longest = 64 // words from outside may be of any length
	a, b = a[:min(len(a), longest)], b[:min(len(b), longest)]
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
