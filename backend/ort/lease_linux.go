//go:build cgo

package ort

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// lease is a read lease of the kernel on a file, fcntl(2): whoever opens the file
// for writing, or cuts it, waits until the lease is given back, and this process
// gets a signal. All sessions on a file share one.
//
// When the signal comes, what is mapped of the file is replaced by memory of our
// own with the same bytes at the same addresses; then the lease is given back
// and the writer goes on. Where the kernel gives no lease (files of other users,
// network folders) there is no guard.
type lease struct {
	path string
	info os.FileInfo
	file *os.File

	sessions int   // that use it
	making   int   // of these, those that are still mapping
	broken   bool  // somebody wants to write
	given    bool  // it was given back
	fault    error // why the mappings could not be replaced
}

// leases are those of this process, for the signal does not tell which it is.
var leases struct {
	sync.Mutex
	list  []*lease
	watch sync.Once
}

// leaseGuard is the share of one session.
type leaseGuard struct {
	lease  *lease
	making bool
	over   bool
}

// newGuard leases a file. Nil means that it cannot be had.
func newGuard(path string, f *os.File) guard {
	info, err := f.Stat()
	if err != nil {
		return nil
	}
	leases.watch.Do(watchLeases)
	leases.Lock()
	defer leases.Unlock()
	l := findLease(info)
	if l == nil {
		if l, err = takeLease(path, info); err != nil {
			return nil
		}
		leases.list = append(leases.list, l)
	}
	l.sessions++
	l.making++
	return &leaseGuard{lease: l, making: true}
}

func findLease(info os.FileInfo) *lease {
	for _, l := range leases.list {
		if !l.broken && os.SameFile(l.info, info) {
			return l
		}
	}
	return nil
}

func takeLease(path string, info os.FileInfo) (*lease, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	now, err := file.Stat()
	if err == nil && !os.SameFile(now, info) {
		err = errors.New("it was replaced")
	}
	if err == nil {
		_, err = unix.FcntlInt(file.Fd(), unix.F_SETLEASE, unix.F_RDLCK)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &lease{path: path, info: info, file: file}, nil
}

// watchLeases begins to listen to the kernel. Without a listener its signal
// would end the program.
func watchLeases() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGIO)
	go func() {
		for range signals {
			leases.Lock()
			for _, l := range leases.list {
				l.look()
			}
			leases.Unlock()
		}
	}()
}

// look asks whether somebody wants to write; leases is locked.
func (l *lease) look() {
	if l.given {
		return
	}
	kind, err := unix.FcntlInt(l.file.Fd(), unix.F_GETLEASE, 0)
	if err == nil && kind == unix.F_RDLCK {
		return
	}
	l.broken = true
	if l.making == 0 {
		l.giveBack()
	}
}

// giveBack brings what is mapped into our own memory, where anybody still uses
// it, and lets the writer go on; leases is locked.
func (l *lease) giveBack() {
	if l.given {
		return
	}
	l.given = true
	if l.broken && l.sessions > 0 {
		l.fault = ownMappings(l.path, l.info)
	}
	_, _ = unix.FcntlInt(l.file.Fd(), unix.F_SETLEASE, unix.F_UNLCK) // closing does the same
	_ = l.file.Close()
}

func (g *leaseGuard) settled() {
	leases.Lock()
	defer leases.Unlock()
	g.settle()
}

func (g *leaseGuard) settle() {
	if !g.making {
		return
	}
	g.making = false
	if g.lease.making--; g.lease.making == 0 && g.lease.broken {
		g.lease.giveBack()
	}
}

func (g *leaseGuard) holds() bool {
	leases.Lock()
	defer leases.Unlock()
	return g.lease.fault == nil
}

func (g *leaseGuard) release() {
	leases.Lock()
	defer leases.Unlock()
	if g.over {
		return
	}
	g.over = true
	if g.lease.sessions--; g.lease.sessions == 0 {
		g.lease.giveBack()
		for i, l := range leases.list {
			if l == g.lease {
				leases.list = append(leases.list[:i], leases.list[i+1:]...)
				break
			}
		}
	}
	g.settle()
}

// region is one mapping of this process.
type region struct {
	begin, end uintptr
	protection int
}

// ownMappings replaces every mapping of a file in this process by memory with
// the same content at the same addresses. Each is replaced in one step, so
// whoever reads it meanwhile sees no difference.
func ownMappings(path string, info fs.FileInfo) error {
	regions, err := mappingsOf(path, info)
	if err != nil {
		return err
	}
	for _, r := range regions {
		if err := r.own(); err != nil {
			return fmt.Errorf("%s cannot be kept in memory: %w", path, err)
		}
	}
	return nil
}

func (r region) own() error {
	size := r.end - r.begin
	fresh, err := unix.MmapPtr(-1, 0, nil, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		return err
	}
	old := pointer(r.begin)
	copy(unsafe.Slice((*byte)(fresh), size), unsafe.Slice((*byte)(old), size))
	if r.protection != unix.PROT_READ|unix.PROT_WRITE {
		if err := unix.Mprotect(unsafe.Slice((*byte)(fresh), size), r.protection); err != nil {
			return errors.Join(err, unix.MunmapPtr(fresh, size))
		}
	}
	_, err = unix.MremapPtr(fresh, size, old, size, unix.MREMAP_MAYMOVE|unix.MREMAP_FIXED)
	return err
}

// pointer is an address that the kernel listed, of memory that is not Go's.
func pointer(address uintptr) unsafe.Pointer {
	return *(*unsafe.Pointer)(unsafe.Pointer(&address))
}

// mappingsOf finds a file among the mappings that the kernel lists, see proc(5):
//
//	7f0c1000-7f0c3000 r--p 00001000 fe:00 12345    /path/of/the file
func mappingsOf(path string, info fs.FileInfo) ([]region, error) {
	list, err := os.Open("/proc/self/maps")
	if err != nil {
		return nil, err
	}
	defer list.Close()
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return nil, errors.New("the system does not tell files apart")
	}
	var out []region
	lines := bufio.NewScanner(list)
	for lines.Scan() {
		var r region
		var rights, device string
		var offset, inode uint64
		if n, _ := fmt.Sscanf(lines.Text(), "%x-%x %s %x %s %d", &r.begin, &r.end, &rights, &offset, &device, &inode); n < 6 || inode != stat.Ino {
			continue
		}
		own := fmt.Sprintf("%02x:%02x", unix.Major(stat.Dev), unix.Minor(stat.Dev))
		if device != own && !strings.HasSuffix(strings.TrimSuffix(lines.Text(), " (deleted)"), " "+path) {
			continue // layers of file systems give a file two devices
		}
		if rights[0] == 'r' {
			r.protection |= unix.PROT_READ
		}
		if rights[1] == 'w' {
			r.protection |= unix.PROT_WRITE
		}
		out = append(out, r)
	}
	return out, lines.Err()
}
