package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestLicencesAreToldApart(t *testing.T) {
	for want, body := range map[string]string{
		"Apache-2.0":   "Apache License\n   Version 2.0, January 2004",
		"MIT":          "Permission is hereby granted, free of\ncharge, to any person",
		"BSD-3-Clause": "Redistribution and use in source and binary forms … Neither the name of Google",
		"BSD-2-Clause": "Redistribution and use in source and binary forms, with or without",
		"Zlib":         "This software is provided 'as-is', without any",
		"NOASSERTION":  "All rights reserved.",
	} {
		if got := licenceName([]text{{Body: body}}); got != want {
			t.Errorf("%q is taken for %s, want %s", body, got, want)
		}
	}
}

func TestLicenceFilesAreFoundInFoldersThatAreLinked(t *testing.T) {
	root := t.TempDir()
	for name, body := range map[string]string{
		"LICENSE": "a", "third/COPYING.md": "b", "testdata/LICENSE": "no", "license.go": "no", "font/OFL.txt": "c", "README": "no",
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	texts, err := licenceTexts(root, true)
	if err != nil {
		t.Fatal(err)
	}
	all := ""
	for _, t := range texts {
		all += t.Body
	}
	if all != "acb" {
		t.Errorf("read %q of %v", all, texts)
	}
}

func TestSharedLicenceStandsOnce(t *testing.T) {
	same := []text{{"LICENSE", "the same words"}}
	parts := []part{{Name: "one", Version: "1", Texts: same, License: "MIT"}, {Name: "two", Version: "2", Texts: same, License: "MIT"}}
	out := string(writeNotices(parts))
	if strings.Count(out, "the same words") != 1 || !strings.Contains(out, "one LICENSE\ntwo LICENSE") {
		t.Error(out)
	}
	data, err := writeSPDX("1.0.0", time.Unix(0, 0).UTC(), parts)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Packages      []struct{ Name, LicenseDeclared string }
		Relationships []struct{ RelatedSpdxElement string }
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Packages) != 3 || len(doc.Relationships) != 3 || doc.Packages[2].LicenseDeclared != "MIT" {
		t.Errorf("%+v", doc)
	}
}
