// Package spelling finds the word that was probably meant, and writes numbers as
// people read them.
package spelling

// Nearest is the option nearest to a mistyped word, "" when none is near.
func Nearest(word string, options []string) string {
	best, nearest := len(word)/2+1, ""
	for _, option := range options {
		if d := distance(word, option); d < best {
			best, nearest = d, option
		}
	}
	return nearest
}

// distance counts the insertions, deletions and replacements that turn a into
// b (Levenshtein).
func distance(a, b string) int {
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
