package instance

import (
	"net"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

// What one program takes at a time.
const (
	maxPeers   = 64  // starts that are speaking
	maxWaiting = 256 // lists of files that wait for the window
	// attention is how long a peer may take to say what it brings.
	attention = time.Second
)

// Listener takes the files of later starts.
type Listener struct {
	socket net.Listener
	lock   *flock.Flock
	lists  chan []string
	closed chan struct{}
	once   sync.Once
}

func newListener(address string) (*Listener, error) {
	socket, err := net.Listen("unix", address)
	if err != nil {
		return nil, err
	}
	l := &Listener{socket: socket, lists: make(chan []string, maxWaiting), closed: make(chan struct{})}
	go l.accept()
	return l, nil
}

// accept hears every peer on its own, so that one that says nothing holds up
// nobody.
func (l *Listener) accept() {
	places := make(chan struct{}, maxPeers)
	for {
		conn, err := l.socket.Accept()
		if err != nil {
			return // closed
		}
		select {
		case places <- struct{}{}:
			go func() {
				defer func() { <-places }()
				l.hear(conn)
			}()
		default:
			conn.Close()
		}
	}
}

// hear takes what one start brings and answers it.
func (l *Listener) hear(conn net.Conn) {
	defer conn.Close()
	if conn.SetDeadline(time.Now().Add(attention)) != nil {
		return
	}
	paths, err := decode(conn)
	if err != nil {
		return
	}
	select {
	case l.lists <- paths:
		_, _ = conn.Write(taken) // a peer that has gone has its files opened all the same
	default: // the window does not take any more: the peer opens its own
	}
}

// Serve calls open with the absolute paths of every later start, one after the
// other, until Close. A start without files calls it with none.
func (l *Listener) Serve(open func(paths []string)) {
	for {
		select {
		case paths := <-l.lists:
			open(paths)
		case <-l.closed:
			return
		}
	}
}

// Close ends Serve, takes the socket away and lets another program have the
// address.
func (l *Listener) Close() error {
	var err error
	l.once.Do(func() {
		close(l.closed)
		err = l.socket.Close()
		if unlocked := l.lock.Close(); err == nil {
			err = unlocked
		}
	})
	return err
}
