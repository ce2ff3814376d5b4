// Package digest is what leaves the program about an audit: a table for
// spreadsheets and scripts, all maps as one array, JSON with what rows have in
// common, and a page for people. It holds no script and asks for nothing from
// elsewhere.
package digest
