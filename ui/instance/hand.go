package instance

import (
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"time"
)

// patience is how long one start waits for the other, which may still be
// loading its libraries.
const patience = 5 * time.Second

// taken answers a message that was understood.
var taken = []byte("ok")

// Hand gives files to the program that listens at the address. An error means
// that none took them. Without files its window comes to the front.
func Hand(address string, files []string) error {
	paths := make([]string, 0, len(files))
	for _, f := range files {
		abs, err := filepath.Abs(f)
		if err != nil {
			return err
		}
		paths = append(paths, abs)
	}
	message, err := encode(paths)
	if err != nil {
		return err
	}
	conn, err := net.DialTimeout("unix", address, patience)
	if err != nil {
		return fmt.Errorf("no window is open: %w", err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	if _, err := conn.Write(message); err != nil {
		return err
	}
	answer := make([]byte, len(taken))
	if _, err := io.ReadFull(conn, answer); err != nil || string(answer) != string(taken) {
		return fmt.Errorf("the open window does not answer: %w", errors.Join(err, errMessage))
	}
	return nil
}
