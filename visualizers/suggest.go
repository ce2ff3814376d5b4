package visualizers

import (
	"fmt"

	"picasso/visualizers/spelling"
)

// suggest returns ", did you mean X?" in brackets for the option nearest to a
// mistyped word, or "" when none is near.
func suggest(word string, options []string) string {
	if nearest := spelling.Nearest(word, options); nearest != "" {
		return fmt.Sprintf(" (did you mean %q?)", nearest)
	}
	return ""
}
