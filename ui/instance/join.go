package instance

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/gofrs/flock"
)

// Join makes this program the one that later starts find at the address, or hands
// its files to the one that is: exactly one of several starts becomes the former,
// however close together they come. It returns before any window has to be there:
// what later starts bring waits for [Listener.Serve], and their files are taken
// from then on.
//
// With an error neither came about; the program then opens a window of its own.
func Join(address string, files []string) (l *Listener, handed bool, err error) {
	if address == "" {
		return nil, false, errors.New("there is no address to listen at")
	}
	// The lock tells who is alive: the system gives it back with the process. It
	// is a file of its own, which stays.
	lock := flock.New(address + ".lock")
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		own, err := lock.TryLock()
		if err != nil {
			return nil, false, fmt.Errorf("lock the address of the window: %w", err)
		}
		if own {
			l, err := listen(address, lock)
			return l, false, err
		}
		if err = Hand(address, files); err == nil {
			return nil, true, lock.Close()
		}
		const pause = 20 * time.Millisecond // the other is about to listen, or about to end
		select {
		case <-ctx.Done():
			return nil, false, errors.Join(err, lock.Close())
		case <-time.After(pause):
		}
	}
}

// listen listens at an address whose lock is held: a socket that is there was
// left by a program that crashed.
func listen(address string, lock *flock.Flock) (*Listener, error) {
	if err := os.Remove(address); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, errors.Join(err, lock.Close())
	}
	l, err := newListener(address)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	l.lock = lock
	return l, nil
}
