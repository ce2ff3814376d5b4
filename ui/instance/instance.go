package instance

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
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

// Listener takes the files of later starts.
type Listener struct {
	socket net.Listener
}

// Listen makes this program the one that later starts find at the address.
// They wait until [Listener.Serve] takes what they bring.
func Listen(address string) (*Listener, error) {
	if address == "" {
		return nil, errors.New("there is no address to listen on")
	}
	socket, err := net.Listen("unix", address)
	if err != nil {
		// A program that crashed leaves its socket; one that lives answers.
		conn, dialled := net.Dial("unix", address)
		if dialled == nil {
			conn.Close()
			return nil, err
		}
		if gone := os.Remove(address); gone != nil {
			return nil, errors.Join(err, gone)
		}
		if socket, err = net.Listen("unix", address); err != nil {
			return nil, err
		}
	}
	return &Listener{socket: socket}, nil
}

// Serve calls open with the absolute paths of every later start, one after the
// other, until Close. A start without files calls it with none.
func (l *Listener) Serve(open func(paths []string)) {
	for {
		conn, err := l.socket.Accept()
		if err != nil {
			return // closed
		}
		if paths, err := receive(conn); err == nil {
			open(paths)
		}
		conn.Close()
	}
}

// receive reads what one start brings and answers it. Somebody who connects
// and says nothing cannot hold up the others for long.
func receive(conn net.Conn) ([]string, error) {
	if err := conn.SetDeadline(time.Now().Add(time.Second)); err != nil {
		return nil, err
	}
	paths, err := decode(conn)
	if err != nil {
		return nil, err
	}
	_, err = conn.Write(taken)
	return paths, err
}

// Close ends Serve and takes the socket away.
func (l *Listener) Close() error { return l.socket.Close() }
