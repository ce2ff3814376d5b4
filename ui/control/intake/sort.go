// Package intake finds out what dropped files and folders are: models, labels,
// sidecars, scripts, pictures, scans. It reads names and first bytes, of labels in
// JSON all, and changes nothing.
package intake

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"picasso/backend/picture"
	"picasso/visualizers/audit/labels"
)

// Dropped is what a list of files and folders was found to hold, each list in
// the order of the files.
type Dropped struct {
	Models   []string
	Labels   []string // names of classes; only files given themselves, not those in folders
	Truths   []string // what pictures show, see [labels.OfPictures]; only files given themselves, and folders that are data sets of YOLO
	Sidecars []string // *.picasso.json
	Sessions []string // *.picasso, only files given themselves
	Images   []string
	Series   []*picture.Series // scans, found by [Find] among the images
	Scripts  []string          // *.star, only files given themselves
	Doubtful []string          // files of folders that begin like a scan, whatever their name; few are none
	Problems []error           // files that are none of these, or could not be read
	Cut      string            // what a bound of the search left out, in words
	// Checkpoints is a folder that holds models and no pictures, where no other
	// models were given: it stands for its newest model.
	Checkpoints string
}

// FileError is a file that the program cannot use.
type FileError struct {
	Path   string
	Reason string
}

func (e *FileError) Error() string { return e.Path + " " + e.Reason }

// Sort finds out what paths are. Folders are searched, without following
// links to folders; in them only models and pictures count, and other files
// are no problem. found is told the number of pictures now and then.
func Sort(ctx context.Context, paths []string, found func(int)) (Dropped, error) {
	s := sorter{ctx: ctx, found: found, seen: map[string]bool{}}
	for _, path := range paths {
		if err := s.given(path); err != nil {
			return s.Dropped, err
		}
	}
	if folder := s.Checkpoints; folder != "" && slices.ContainsFunc(s.Models, func(m string) bool { return !within(folder, m) }) {
		s.Checkpoints = "" // there are other models to choose from
	}
	return s.Dropped, nil
}

// within reports whether a file found in a search lies below a folder.
func within(folder, file string) bool {
	rel, err := filepath.Rel(folder, file)
	return err == nil && filepath.IsLocal(rel)
}

// holdsModel reports whether one of the models lies in the folder itself.
func holdsModel(folder string, models []string) bool {
	return slices.ContainsFunc(models, func(m string) bool { return filepath.Dir(m) == filepath.Clean(folder) })
}

type sorter struct {
	Dropped
	ctx   context.Context
	found func(int)
	seen  map[string]bool
}

// given sorts a path that the user named.
func (s *sorter) given(path string) error {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		s.problem(path, "cannot be read: "+reason(err))
		return nil
	case info.IsDir():
		models, images, doubtful := len(s.Models), len(s.Images), len(s.Doubtful)
		if file := labels.YOLO(path); file != "" {
			s.Truths = append(s.Truths, file)
		}
		err := s.folder(path)
		slices.SortStableFunc(s.Images[images:], Natural)
		empty := len(s.Images) == images && len(s.Doubtful) == doubtful
		if empty && holdsModel(path, s.Models[models:]) {
			s.Checkpoints = path
		}
		if err == nil && len(s.Models) == models && empty {
			s.problem(path, "contains neither models nor pictures; drop a folder that contains .onnx files or pictures")
		}
		return err
	case !info.Mode().IsRegular():
		s.problem(path, "is not a file")
		return nil
	}
	s.file(path)
	return s.ctx.Err()
}

// file sorts one file by its name and, where that says nothing, its first
// bytes.
func (s *sorter) file(path string) {
	if s.seen[path] {
		return
	}
	s.seen[path] = true
	name := strings.ToLower(path)
	switch {
	case strings.HasSuffix(name, ".onnx"), strings.HasSuffix(name, ".ort"):
		s.Models = append(s.Models, path)
	case strings.HasSuffix(name, ".picasso"):
		s.Sessions = append(s.Sessions, path)
	case strings.HasSuffix(name, ".picasso.json"):
		s.Sidecars = append(s.Sidecars, path)
	case strings.HasSuffix(name, ".star"):
		s.Scripts = append(s.Scripts, path)
	case picture.Known(path) || looksLikePicture(path):
		s.Images = append(s.Images, path)
	case labels.OfPictures(path):
		s.Truths = append(s.Truths, path)
	case slices.Contains([]string{".txt", ".json", ".csv", ".tsv", ".names", ".labels"}, filepath.Ext(name)):
		s.Labels = append(s.Labels, path)
	default:
		s.problem(path, "is not a model (.onnx), a label file (.txt, .json, .csv, data.yaml), a visualizer (.star) or a picture that can be read")
	}
}

func (s *sorter) folder(root string) error {
	found, err := picture.Find(s.ctx, root)
	if s.ctx.Err() != nil {
		return s.ctx.Err()
	}
	if err != nil {
		s.problem(root, "cannot be read: "+reason(err))
		return nil
	}
	for _, err := range found.Unread {
		var at *fs.PathError
		if errors.As(err, &at) {
			s.problem(at.Path, "cannot be read: "+reason(err))
		}
	}
	if s.Cut == "" {
		s.Cut = found.Cut()
	}
	for _, path := range found.Files {
		if err := s.ctx.Err(); err != nil {
			return err
		}
		s.inside(path)
	}
	return nil
}

// inside sorts a file found in a folder: only what is plainly a model or a
// picture.
func (s *sorter) inside(path string) {
	switch {
	case s.seen[path]:
		return
	case strings.EqualFold(filepath.Ext(path), ".onnx"):
		s.Models = append(s.Models, path)
	case picture.Known(path) || filepath.Ext(path) == "" && looksLikePicture(path):
		s.Images = append(s.Images, path)
		if len(s.Images)%100 == 0 {
			s.found(len(s.Images))
		}
	case looksLikeScan(path): // files from an archive are often called by a number with dots
		s.Doubtful = append(s.Doubtful, path)
	}
	s.seen[path] = true
}

func (s *sorter) problem(path, why string) {
	s.Problems = append(s.Problems, &FileError{path, why})
}

// looksLikePicture reads the first bytes of a file.
func looksLikePicture(path string) bool {
	head, err := picture.Beginning(path)
	return err == nil && (picture.MayBeScan(head) || strings.HasPrefix(http.DetectContentType(head), "image/"))
}

func looksLikeScan(path string) bool {
	head, err := picture.Beginning(path)
	return err == nil && picture.MayBeScan(head)
}

// reason is the cause of a file error without the path, which is named
// already.
func reason(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err.Error()
	}
	return err.Error()
}

// PartError says that some of several files could not be used.
type PartError struct {
	Used     int
	Problems []error
}

func (e *PartError) Error() string {
	if len(e.Problems) == 1 {
		return e.Problems[0].Error()
	}
	return fmt.Sprintf("%d files cannot be used; the first one: %v", len(e.Problems), e.Problems[0])
}

// Unwrap returns all problems.
func (e *PartError) Unwrap() []error { return e.Problems }
