package store

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"sync"

	"picasso/backend/files"
)

// Spill holds maps, or other vectors of one length, in a file of the system's folder for temporary files, which goes
// with the process. It may be read from several goroutines.
type Spill struct {
	file   scratchFile
	length int     // of a vector
	at     []int32 // place in the file of every item's, −1 for none
	next   int32

	mu  sync.Mutex
	err error
}

// scratchFile is what a spill needs of a file.
type scratchFile interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
}

func newSpill(items, length int) (*Spill, error) {
	f, err := scratch()
	if err != nil {
		return nil, fmt.Errorf("a temporary file for maps and features cannot be made: %w", files.Innermost(err))
	}
	s := &Spill{file: f, length: length, at: make([]int32, items)}
	for i := range s.at {
		s.at[i] = -1
	}
	return s, nil
}

// put keeps what belongs to item j; a later one replaces it.
func (s *Spill) put(j int, cells []float32) error {
	b := make([]byte, 0, 4*s.length)
	for _, v := range cells {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	if s.at[j] < 0 {
		s.at[j] = s.next
		s.next++
	}
	if _, err := s.file.WriteAt(b, int64(s.at[j])*int64(4*s.length)); err != nil {
		return fmt.Errorf("the temporary file for maps and features cannot be written: %w", files.Innermost(err))
	}
	return nil
}

// Has implements [audit.Kept].
func (s *Spill) Has(i int) bool { return s.at[i] >= 0 }

// At implements [audit.Kept].
func (s *Spill) At(i int) []float32 {
	cells := make([]float32, s.length)
	if s.at[i] < 0 {
		return cells
	}
	b := make([]byte, 4*s.length)
	if _, err := s.file.ReadAt(b, int64(s.at[i])*int64(4*s.length)); err != nil {
		s.mu.Lock()
		s.err = fmt.Errorf("the temporary file for maps and features cannot be read: %w", files.Innermost(err))
		s.mu.Unlock()
		return cells
	}
	for k := range cells {
		cells[k] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*k:]))
	}
	return cells
}

// Err is why maps could not be read, nil where all could.
func (s *Spill) Err() error {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}
