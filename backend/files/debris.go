package files

import (
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Names of what is not finished tell who writes it: ".unfinished-", eight digits
// for the machine, the number of the process, and something random.
const unfinishedPrefix = ".unfinished-"

// forgotten is the age of a file that nobody can still be writing, should its
// process's number have been given to another, or the machine be another one.
const forgotten = 24 * time.Hour

func pattern() string {
	return fmt.Sprintf("%s%s-%d-*", unfinishedPrefix, machine(), os.Getpid())
}

// fresh makes a file of a name like pattern, with permissions that the user's
// mask still narrows.
func fresh(folder string, perm fs.FileMode) (*os.File, error) {
	for {
		name := strings.Replace(pattern(), "*", fmt.Sprintf("%016x", rand.Uint64()), 1)
		f, err := os.OpenFile(filepath.Join(folder, name), os.O_RDWR|os.O_CREATE|os.O_EXCL, perm)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}

// machine tells machines apart that share a folder.
var machine = sync.OnceValue(func() string {
	name, err := os.Hostname()
	if err != nil {
		name = "unknown"
	}
	h := fnv.New32a()
	h.Write([]byte(name))
	return fmt.Sprintf("%08x", h.Sum32())
})

// unfinished makes a file for something that will take its place in folder. The
// system takes from perm what the user's mask says.
func unfinished(folder string, perm fs.FileMode) (*os.File, error) {
	RemoveDebris(folder)
	if err := step(Make, folder); err != nil {
		return nil, err
	}
	return fresh(folder, perm)
}

// UnfinishedFolder makes a folder in folder for results that will be moved to
// their places there, and gives its path. What a killed run leaves of it is
// removed like a file.
func UnfinishedFolder(folder string) (string, error) {
	RemoveDebris(folder)
	if err := step(Make, folder); err != nil {
		return "", err
	}
	return os.MkdirTemp(folder, pattern())
}

// swept are the folders that were looked through: once a process is enough.
var swept sync.Map

// RemoveDebris removes from folder what runs that are no more left unfinished.
// It looks only the first time that a process asks.
func RemoveDebris(folder string) {
	absolute, err := filepath.Abs(folder)
	if err != nil {
		return
	}
	if _, done := swept.LoadOrStore(absolute, true); done {
		return
	}
	entries, err := os.ReadDir(absolute)
	if err != nil {
		return // writing says what is wrong
	}
	for _, e := range entries {
		if dead(e) {
			_ = os.RemoveAll(filepath.Join(absolute, e.Name())) // another run may have done so
		}
	}
}

// dead reports something unfinished that nobody will finish.
func dead(e os.DirEntry) bool {
	rest, ours := strings.CutPrefix(e.Name(), unfinishedPrefix)
	if !ours {
		return false
	}
	info, err := e.Info()
	if err != nil {
		return false
	}
	if time.Since(info.ModTime()) > forgotten {
		return true
	}
	host, rest, _ := strings.Cut(rest, "-")
	number, _, named := strings.Cut(rest, "-")
	pid, err := strconv.Atoi(number)
	return named && err == nil && host == machine() && pid != os.Getpid() && !running(pid)
}
