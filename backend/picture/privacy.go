package picture

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"picasso/backend/picture/dicom"
	"picasso/backend/picture/patient"
)

// NamesPatient reports whether a path, of a file or a folder that need not be
// there, tells who a patient is: by what the DICOM files say that lie at it,
// beside it, in the folders above and the folders beside. A DICOM file that
// ends before it says whose it is may be anybody's, and its path counts as
// telling. Such a path is kept out of everything that leaves the program.
func NamesPatient(path string) bool { return around(path).in(path) || undisclosed(path) }

// Private reports whether a path must not be remembered, in settings for
// instance: those of medical files, whole or damaged, and those that tell who a
// patient is.
func Private(path string) bool {
	return knownScan(path) || Sliced(path) || NamesPatient(path)
}

// withheld stands for a part of a path that tells who a patient is.
const withheld = "…"

// Said is what messages may call a path: the path, with the parts that tell who
// a patient is replaced by "…".
func Said(path string) string {
	facts, unknown := around(path), undisclosed(path)
	if !unknown && !facts.in(path) {
		return path
	}
	parts := strings.Split(filepath.ToSlash(path), "/")
	last := len(parts) - 1
	for i, p := range parts {
		if i == last && unknown || facts.in(p) {
			parts[i] = withheld
		}
	}
	if parts[last] == withheld {
		parts[last] += extension(path)
	}
	if out := filepath.FromSlash(strings.Join(parts, "/")); !facts.in(out) {
		return out
	}
	return withheld + extension(path)
}

// extension is that of the path where it is one of pictures, else none: a name
// may have a point.
func extension(path string) string {
	for _, e := range append([]string{".nii.gz"}, Extensions()...) {
		if strings.HasSuffix(strings.ToLower(path), e) {
			return e
		}
	}
	return ""
}

// withhold gives an error the path that messages may have.
func withhold(err error) error {
	if e, ok := err.(*Error); ok {
		said := *e
		said.Path = Said(e.Path)
		return &said
	}
	return err
}

// undisclosed reports whether a medical file does not tell whose it is because
// it cannot be read that far.
func undisclosed(path string) bool {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	head, _ := Beginning(path)
	first, _ := unpacked(head)
	return undisclosedBy(path, first)
}

// undisclosedBy is undisclosed of a file whose first bytes, unpacked, are known.
func undisclosedBy(path string, first []byte) bool {
	if !dicom.Sniff(first) {
		k, ok := sniff(first)
		return calledDICOM(path) && !(ok && k.medical)
	}
	return !tell(path, &patient.Facts{})
}

// Sizes of the beginnings of a file that are searched for the patient: most say
// it at once.
var beginnings = [...]int64{1 << 13, 1 << 18, 1 << 24}

// tell adds what a DICOM file says of its patient. It is false for a file that
// is damaged before it says so.
func tell(path string, to *patient.Facts) (told bool) {
	f, err := begin(path)
	if err != nil {
		return false
	}
	defer f.close()
	for _, size := range beginnings {
		data, err := f.first(size)
		if err != nil || !dicom.Sniff(data) {
			return false
		}
		whole := int64(len(data)) < size
		_, err = guardScan("", func() (*Image, error) {
			d, err := dicom.ParseHead(data)
			if err == nil && (whole || d.Named()) {
				told = d.Told()
				d.Tell(to)
			}
			return nil, err
		})
		if told || whole || err != nil && size == beginnings[len(beginnings)-1] {
			return told
		}
	}
	return true // it has no name within the first megabytes
}

// surroundings is what the files of several folders say of patients.
type surroundings []*patient.Facts

func (s surroundings) in(text string) bool {
	return slices.ContainsFunc(s, func(f *patient.Facts) bool { return f.In(text) })
}

// around is what the files near a path say of patients.
func around(path string) surroundings {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil
	}
	folder := path
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		folder = filepath.Dir(path)
	}
	s := surroundings{known.get(folder, maxBelow)}
	for range maxAbove {
		above := filepath.Dir(folder)
		if above == folder {
			break
		}
		folder = above
		s = append(s, known.get(folder, 0))
	}
	return s
}

// How far around a path is looked for patients: levels of folders above and
// below its own, how many of those below, and how many files in each of these.
const (
	maxAbove   = 3
	maxBelow   = 3
	maxFolders = 200
	maxSamples = 20
	maxKnown   = 256 // folders that are remembered
)

// register remembers what was found in folders, as long as they do not change:
// hundreds of paths of a folder are asked for one after the other.
type register struct {
	mu      sync.Mutex
	folders map[string]entry
}

type entry struct {
	changed time.Time
	deep    bool // with the folders below
	facts   *patient.Facts
}

var known = register{folders: map[string]entry{}}

// get is what the files say that lie in a folder, with samples of those so many
// levels below.
func (r *register) get(folder string, depth int) *patient.Facts {
	info, err := os.Stat(folder)
	if err != nil {
		return nil
	}
	r.mu.Lock()
	e, ok := r.folders[folder]
	r.mu.Unlock()
	if ok && e.changed.Equal(info.ModTime()) && (e.deep || depth == 0) {
		return e.facts
	}
	e = entry{info.ModTime(), depth > 0, &patient.Facts{}}
	readFolder(folder, e.facts, MaxFiles)
	if budget := maxFolders; depth > 0 {
		sample(folder, e.facts, depth, &budget)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.folders) >= maxKnown {
		clear(r.folders)
	}
	r.folders[folder] = e
	return e.facts
}

// readFolder adds what the medical ones say of the first files in a folder.
// Those that are called like ordinary pictures are not read.
func readFolder(folder string, to *patient.Facts, most int) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return
	}
	for _, e := range entries {
		path := filepath.Join(folder, e.Name())
		if most == 0 {
			return
		}
		if !e.Type().IsRegular() || Ordinary(path) {
			continue
		}
		most--
		if head, err := Beginning(path); err == nil {
			if first, _ := unpacked(head); dicom.Sniff(first) {
				tell(path, to)
			}
		}
	}
}

// sample adds what the first files of the folders below say.
func sample(folder string, to *patient.Facts, depth int, budget *int) {
	entries, err := os.ReadDir(folder)
	if err != nil || depth == 0 {
		return
	}
	for _, e := range entries {
		if e.Type()&fs.ModeDir == 0 || *budget == 0 {
			continue
		}
		*budget--
		below := filepath.Join(folder, e.Name())
		readFolder(below, to, maxSamples)
		sample(below, to, depth-1, budget)
	}
}
