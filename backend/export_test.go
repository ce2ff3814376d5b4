package backend

import "picasso/backend/infer"

// Keep bounds what the model keeps of unused sessions; before it has any.
func (m *Model) Keep(sessions int, bytes int64) { m.parts = infer.NewPool(sessions, bytes) }

// Kept tells what it keeps.
func (m *Model) Kept() (sessions int, bytes int64) { return m.parts.Stats() }
