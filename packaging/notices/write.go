package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// buildTime is SOURCE_DATE_EPOCH: a list of the same commit is the same list.
func buildTime() (time.Time, error) {
	seconds, err := strconv.ParseInt(os.Getenv("SOURCE_DATE_EPOCH"), 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH: %w", err)
	}
	return time.Unix(seconds, 0).UTC(), nil
}

// writeNotices prints all licences; a text that several parts share stands
// once, under all their names.
func writeNotices(parts []part) []byte {
	var b bytes.Buffer
	fmt.Fprint(&b, "Picasso is distributed under the Apache License 2.0; its samples were made for it and are part of it.\n")
	fmt.Fprint(&b, "It contains or comes with the work of others, under the licences below.\n\n")
	for _, p := range parts {
		fmt.Fprintf(&b, "  %s %s (%s)\n", p.Name, p.Version, p.License)
	}
	owners := map[string][]string{}
	var order []string
	for _, p := range parts {
		for _, t := range p.Texts {
			body := strings.TrimSpace(t.Body)
			if len(owners[body]) == 0 {
				order = append(order, body)
			}
			owners[body] = append(owners[body], strings.TrimSpace(p.Name+" "+t.Name))
		}
	}
	for _, body := range order {
		fmt.Fprintf(&b, "\n%s\n%s\n\n%s\n", strings.Repeat("=", 78), strings.Join(owners[body], "\n"), body)
	}
	return b.Bytes()
}

// writeSPDX is the list of parts as SPDX 2.3 in JSON.
func writeSPDX(version string, when time.Time, parts []part) ([]byte, error) {
	type reference struct {
		Category string `json:"referenceCategory"`
		Type     string `json:"referenceType"`
		Locator  string `json:"referenceLocator"`
	}
	type pkg struct {
		ID        string      `json:"SPDXID"`
		Name      string      `json:"name"`
		Version   string      `json:"versionInfo"`
		Download  string      `json:"downloadLocation"`
		Analyzed  bool        `json:"filesAnalyzed"`
		Concluded string      `json:"licenseConcluded"`
		Declared  string      `json:"licenseDeclared"`
		Copyright string      `json:"copyrightText"`
		Comment   string      `json:"comment,omitempty"`
		External  []reference `json:"externalRefs,omitempty"`
	}
	type relation struct {
		From string `json:"spdxElementId"`
		Type string `json:"relationshipType"`
		To   string `json:"relatedSpdxElement"`
	}
	const program = "SPDXRef-picasso"
	const unknown = "NOASSERTION"
	packages := []pkg{{ID: program, Name: "picasso", Version: version, Download: unknown,
		Concluded: "Apache-2.0", Declared: "Apache-2.0", Copyright: unknown}}
	relations := []relation{{"SPDXRef-DOCUMENT", "DESCRIBES", program}}
	for i, p := range parts {
		id := fmt.Sprintf("SPDXRef-part-%d", i+1)
		one := pkg{ID: id, Name: p.Name, Version: p.Version, Download: unknown, Concluded: p.License, Declared: p.License,
			Copyright: unknown, External: []reference{{"PACKAGE-MANAGER", "purl", p.Address}}}
		if p.Sum != "" {
			one.Comment = "Go module checksum " + p.Sum
		}
		packages = append(packages, one)
		relations = append(relations, relation{program, "DEPENDS_ON", id})
	}
	return json.MarshalIndent(map[string]any{
		"spdxVersion":       "SPDX-2.3",
		"dataLicense":       "CC0-1.0",
		"SPDXID":            "SPDXRef-DOCUMENT",
		"name":              "picasso-" + version,
		"documentNamespace": "https://spdx.org/spdxdocs/picasso-" + version,
		"creationInfo":      map[string]any{"created": when.Format(time.RFC3339), "creators": []string{"Tool: picasso-notices"}},
		"packages":          packages,
		"relationships":     relations,
	}, "", "  ")
}
