//go:build race

package cli_test

// Checked for races, everything takes several times as long.
func init() { raced = true }
