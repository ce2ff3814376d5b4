package store

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"sync"

	"picasso/backend/files"
	"picasso/visualizers/audit"
)

// Spill holds maps in a file of the system's folder for temporary files, which goes
// with the process. It may be read from several goroutines.
type Spill struct {
	file scratchFile
	at   []int32 // place in the file of every item's map, −1 for none
	next int32

	mu  sync.Mutex
	err error
}

// scratchFile is what a spill needs of a file.
type scratchFile interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
}

const mapBytes = 4 * audit.Side * audit.Side

func newSpill(items int) (*Spill, error) {
	f, err := scratch()
	if err != nil {
		return nil, fmt.Errorf("a temporary file for the maps cannot be made: %w", files.Innermost(err))
	}
	s := &Spill{file: f, at: make([]int32, items)}
	for i := range s.at {
		s.at[i] = -1
	}
	return s, nil
}

// put keeps the map of item j; a later one replaces it.
func (s *Spill) put(j int, cells []float32) error {
	b := make([]byte, 0, mapBytes)
	for _, v := range cells {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	if s.at[j] < 0 {
		s.at[j] = s.next
		s.next++
	}
	if _, err := s.file.WriteAt(b, int64(s.at[j])*mapBytes); err != nil {
		return fmt.Errorf("the temporary file for the maps cannot be written: %w", files.Innermost(err))
	}
	return nil
}

// Has implements [audit.Kept].
func (s *Spill) Has(i int) bool { return s.at[i] >= 0 }

// At implements [audit.Kept].
func (s *Spill) At(i int) []float32 {
	cells := make([]float32, audit.Side*audit.Side)
	if s.at[i] < 0 {
		return cells
	}
	b := make([]byte, mapBytes)
	if _, err := s.file.ReadAt(b, int64(s.at[i])*mapBytes); err != nil {
		s.mu.Lock()
		s.err = fmt.Errorf("the temporary file for the maps cannot be read: %w", files.Innermost(err))
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
