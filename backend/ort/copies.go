//go:build cgo

package ort

import (
	"errors"
	"os"
	"path/filepath"
)

// owned guards a file that only this process knows.
type owned struct{}

func (owned) settled()    {}
func (owned) holds() bool { return true }
func (owned) release()    {}

// copied is the weights in files of our own that share their blocks with the users'
// until either is written to; the error says that the file system or the system has
// no such thing. They lie in a folder that goes as soon as they are mapped.
//
// A copy is the second choice after a lease: the kernel keeps what was read of it
// apart from what was read of the file.
func (w *weights) copied() (*weights, error) {
	if w.partial {
		return nil, errors.New("one of several names of a file cannot be copied alone")
	}
	var errs []error
	cache, err := os.UserCacheDir()
	for _, place := range []string{cache, os.TempDir()} {
		if place == "" {
			errs = append(errs, err)
			continue
		}
		c, err := w.copiedTo(place)
		if err == nil {
			return c, nil
		}
		errs = append(errs, err)
	}
	return nil, errors.Join(errs...)
}

func (w *weights) copiedTo(place string) (_ *weights, err error) {
	c := &weights{}
	if c.folder, err = os.MkdirTemp(place, "picasso-weights-"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			c.release()
		}
	}()
	for _, f := range w.files {
		if !filepath.IsLocal(f.location) {
			return nil, errors.New("the weights lie outside of the model's folder")
		}
		path := filepath.Join(c.folder, f.location)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, err
		}
		file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return nil, err
		}
		c.files = append(c.files, &weightFile{path: path, location: f.location, file: file, guard: owned{}})
		if err := cloneFile(file, f.file); err != nil {
			return nil, err
		}
	}
	return c, nil
}
