// Package assetstest finds samples for tests.
package assetstest

import (
	"testing"

	"picasso/assets"
)

// Sample is the sample of a name.
func Sample(t testing.TB, name string) assets.Sample {
	t.Helper()
	for _, s := range assets.Samples() {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("there is no sample %q", name)
	return assets.Sample{}
}
