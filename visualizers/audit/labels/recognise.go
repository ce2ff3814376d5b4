package labels

import (
	"bytes"
	"encoding/csv"
	"errors"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"picasso/backend/files"
	"picasso/backend/regular"
)

// OfPictures reports whether a file says what pictures show, rather than how the
// classes of a model are called: it is COCO or FiftyOne, the data.yaml of a YOLO
// data set, or a table with a column of paths. It looks at no more than it needs.
func OfPictures(file string) bool {
	if yoloFile(file) {
		return true
	}
	switch strings.ToLower(filepath.Ext(file)) {
	case ".csv", ".tsv":
		data, err := regular.Head(file, tableHead)
		return err == nil && pathsInTable(data)
	case ".json":
		data, err := files.Read(file, maxFile)
		if err != nil {
			return false
		}
		_, err = document(data)
		return err == nil
	}
	return false
}

// YOLO is the file that describes the data set of YOLO in a folder, "" where that is
// none: it holds data.yaml, and files in folders called labels.
func YOLO(folder string) (file string) {
	file = filepath.Join(folder, yoloName)
	if info, err := os.Stat(file); err != nil || !info.Mode().IsRegular() {
		return ""
	}
	for _, pattern := range []string{"labels", filepath.Join("*", "labels")} {
		if found, err := filepath.Glob(filepath.Join(escaped(folder), pattern)); err == nil && found != nil {
			return file
		}
	}
	return ""
}

// yoloName is how YOLO calls the description of a data set.
const yoloName = "data.yaml"

func yoloFile(file string) bool { return strings.EqualFold(filepath.Base(file), yoloName) }

// escaped is a path that a pattern takes as it is.
func escaped(folder string) string {
	return strings.NewReplacer("*", "[*]", "?", "[?]", "[", "[[]").Replace(folder)
}

// tableHead is how much of a table is read to tell what it is, in bytes.
const tableHead = 64 << 10

// pathsInTable reports a table with a column of paths and another one. Columns
// called like numbers of entries count only if they hold names of files: tables of
// classes have them too.
func pathsInTable(data []byte) bool {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	r := csv.NewReader(bytes.NewReader(data))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = separator(data), -1, true
	header, err := r.Read()
	if err != nil || len(header) < 2 {
		return false
	}
	at := column(header, pathColumns)
	if at < 0 {
		return false
	}
	if Fold(header[at]) != "id" {
		return true
	}
	row, err := r.Read()
	return (err == nil || errors.Is(err, csv.ErrFieldCount)) && at < len(row) && fileName(row[at])
}

// fileName reports a text with a folder or an extension, and no number.
func fileName(text string) bool {
	text = strings.TrimSpace(text)
	if _, err := strconv.ParseFloat(text, 64); err == nil {
		return false
	}
	return strings.ContainsAny(text, `/\`) || len(path.Ext(text)) > 1
}
