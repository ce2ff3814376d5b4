package main

import (
	"os"
	"strings"
	"unicode/utf8"
)

// readText reads a licence; "" is a file that is no text, like a program
// called license.
func readText(path string) (string, error) {
	data, err := os.ReadFile(path)
	if err != nil || !utf8.Valid(data) {
		return "", err
	}
	return strings.ReplaceAll(string(data), "\r\n", "\n"), nil
}

// licenceName is the SPDX identifier of the first text that is known, by the
// words that tell the common licences apart.
func licenceName(texts []text) string {
	for _, t := range texts {
		words := strings.Join(strings.Fields(t.Body), " ")
		has := func(part string) bool { return strings.Contains(words, part) }
		switch {
		case has("Apache License") && has("Version 2.0"):
			return "Apache-2.0"
		case has("Mozilla Public License") && has("2.0"):
			return "MPL-2.0"
		case has("SIL OPEN FONT LICENSE"):
			return "OFL-1.1"
		case has("Permission is hereby granted, free of charge"):
			return "MIT"
		case has("Permission to use, copy, modify, and") && has("without fee"):
			return "ISC"
		case has("Redistribution and use in source and binary forms"):
			if has("Neither the name") || has("may not be used to endorse") || has("names of its contributors") {
				return "BSD-3-Clause"
			}
			return "BSD-2-Clause"
		case has("This software is provided 'as-is'"):
			return "Zlib"
		}
	}
	return "NOASSERTION"
}
