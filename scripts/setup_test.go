// Package scripts tests the project's scripts.
package scripts

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// setUp is a fake release of the library and a home to install it in.
type setUp struct {
	home, pack, list string
	sum              string
	library          []byte
}

const inside = "linux/x64"

func sum(data []byte) string {
	s := sha256.Sum256(data)
	return hex.EncodeToString(s[:])
}

func newSetUp(t *testing.T) *setUp {
	t.Helper()
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		t.Skip("the fake release is one for Linux on x86-64")
	}
	if _, err := exec.LookPath("pkg-config"); err != nil {
		t.Skip("set-up would install the toolkit's packages here")
	}
	s := &setUp{home: t.TempDir(), library: bytes.Repeat([]byte("library "), 1<<17)}
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	archive := tar.NewWriter(zip)
	for name, data := range map[string][]byte{"libonnxruntime.so.1": s.library, "onnxruntime_binding.node": []byte("no")} {
		if err := archive.WriteHeader(&tar.Header{Name: "package/bin/napi-v6/" + inside + "/" + name, Mode: 0o644, Size: int64(len(data))}); err != nil {
			t.Fatal(err)
		}
		if _, err := archive.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	s.pack, s.list, s.sum = filepath.Join(s.home, "package.tgz"), filepath.Join(s.home, "sums"), sum(packed.Bytes())
	write(t, s.pack, packed.Bytes())
	write(t, s.list, []byte(sum(s.library)+"  "+inside+"/libonnxruntime.so.1\n"))
	return s
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func (s *setUp) folder() string { return filepath.Join(s.home, "cache", "picasso", "onnxruntime-9") }

func (s *setUp) run(args ...string) error {
	cmd := exec.Command("sh", append([]string{"setup.sh"}, args...)...)
	cmd.Env = append(os.Environ(), "XDG_CACHE_HOME="+filepath.Join(s.home, "cache"), "PICASSO_ONNXRUNTIME=", "ORT_VERSION=9",
		"ORT_PACKAGE=none", "ORT_SHA256="+s.sum, "ORT_FILES="+s.list, "PICASSO_ORT_PACKAGE="+s.pack)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}

// check wants the library, whole, and nothing else.
func (s *setUp) check(t *testing.T, folder string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(folder, "libonnxruntime.so.1"))
	if err != nil || !bytes.Equal(data, s.library) {
		t.Errorf("%d bytes are installed, want %d: %v", len(data), len(s.library), err)
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != 1 {
		t.Errorf("%v, %v lie there", entries, err)
	}
}

// Set-ups that run at once, of one system and of several, install the right
// library each.
func TestSetUpMayRaceWithItself(t *testing.T) {
	s := newSetUp(t)
	var all sync.WaitGroup
	for i := range 6 {
		all.Go(func() {
			args := []string{"build"}
			if i%2 == 1 { // without the lock
				args = []string{"runtime", inside, s.folder()}
			}
			if err := s.run(args...); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	s.check(t, s.folder())
}

// A library that is not the one of this release is found at the next start.
func TestSetUpLooksAtWhatIsThere(t *testing.T) {
	s := newSetUp(t)
	if err := s.run("build"); err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string][]byte{"damaged": bytes.Replace(s.library, []byte("y"), []byte("z"), 1), "cut": s.library[:100], "empty": nil} {
		write(t, filepath.Join(s.folder(), "libonnxruntime.so.1"), bad)
		if err := s.run("build"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		s.check(t, s.folder())
	}
}

// What a release is made with is named by its content: actions by commit,
// downloads by checksum.
func TestReleasesAreMadeOfWhatIsPinned(t *testing.T) {
	files, err := filepath.Glob("../.github/workflows/*.yml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	action := regexp.MustCompile(`uses: *(\S+)`)
	pinned := regexp.MustCompile(`^[\w./-]+@[0-9a-f]{40}$`)
	download := regexp.MustCompile(`(?:curl|wget)\b.*-\w*[oO] *(\S+)`)
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(string(data), "\n")
		for i, line := range lines {
			if a := action.FindStringSubmatch(line); a != nil && !pinned.MatchString(a[1]) {
				t.Errorf("%s:%d: %s is not pinned to a commit", file, i+1, a[1])
			}
			d := download.FindStringSubmatch(line)
			if d != nil && !regexp.MustCompile(`[0-9a-f]{64} +`+regexp.QuoteMeta(d[1])+`.*sha256sum -c`).MatchString(lines[i+1]) {
				t.Errorf("%s:%d: the checksum of %s is not looked at", file, i+1, d[1])
			}
			if d == nil && (strings.Contains(line, "curl ") || strings.Contains(line, "wget ")) {
				t.Errorf("%s:%d: a download without a name", file, i+1)
			}
		}
	}
}

// Neither another package nor another file inside it is used.
func TestSetUpRefusesWhatItDoesNotKnow(t *testing.T) {
	for name, change := range map[string]func(s *setUp){
		"package": func(s *setUp) { s.sum = strings.Repeat("0", 64) },
		"file": func(s *setUp) {
			write(t, s.list, []byte(strings.Repeat("0", 64)+"  "+inside+"/libonnxruntime.so.1\n"))
		},
		"no list": func(s *setUp) { write(t, s.list, nil) },
	} {
		s := newSetUp(t)
		change(s)
		if err := s.run("build"); err == nil {
			t.Errorf("%s: installed all the same", name)
		}
		if entries, err := os.ReadDir(s.folder()); err == nil && len(entries) > 0 {
			t.Errorf("%s: %v are left", name, entries)
		}
	}
}
