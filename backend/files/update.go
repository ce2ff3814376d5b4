package files

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// patience is how long a change waits for those of other processes, each of
// which takes milliseconds.
const patience = 10 * time.Second

// Update changes a file that several processes share: it locks the file, reads
// it again, and writes what edit makes of it, so that no change is lost. edit
// gets nil where there is no file; returning nil leaves everything as it is.
// The folder is made when missing. limit bounds the file in bytes.
//
// The lock is a file of its own beside it, which stays. Where locks cannot be
// had, as on some network folders, the change is made without.
func Update(path string, limit int64, perm fs.FileMode, edit func(old []byte) ([]byte, error)) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return unwritten(path, err)
	}
	unlock, err := locked(path)
	if err != nil {
		return err
	}
	defer unlock()
	old, err := Read(path, limit)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s cannot be read: %w", filepath.Base(path), err)
	}
	data, err := edit(old)
	if err != nil || data == nil {
		return err
	}
	return Write(path, data, perm)
}

// locked waits for the lock of a file.
func locked(path string) (unlock func(), err error) {
	if err := step(Lock, path); err != nil {
		return nil, unwritten(path, err)
	}
	lock := flock.New(filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".lock"))
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	const every = 5 * time.Millisecond
	_, err = lock.TryLockContext(ctx, every)
	if ctx.Err() != nil {
		_ = lock.Close()
		return nil, fmt.Errorf("%s is being changed by another process for more than %v; try again", filepath.Base(path), patience)
	}
	return func() { _ = lock.Close() }, nil
}
