// Package results keeps results of explanations, so that going back to one is
// instant.
package results

import (
	"container/list"

	"picasso/visualizers"
)

// Cache keeps the results used last, so that going back to an image, a tab or
// a slider position is instant. It is bounded by the bytes it holds.
type Cache struct {
	limit, size int
	order       *list.List // of *entry, newest first
	byKey       map[string]*list.Element
}

type entry struct {
	key    string
	result visualizers.Result
	bytes  int
}

// New is an empty cache that holds at most limit bytes.
func New(limit int) *Cache {
	return &Cache{limit: limit, order: list.New(), byKey: map[string]*list.Element{}}
}

// Get is the result of a key, and whether there is one.
func (c *Cache) Get(key string) (visualizers.Result, bool) {
	e, ok := c.byKey[key]
	if !ok {
		return visualizers.Result{}, false
	}
	c.order.MoveToFront(e)
	return e.Value.(*entry).result, true
}

// Put keeps a result in the place of an earlier one of its key.
func (c *Cache) Put(key string, r visualizers.Result) {
	if old, ok := c.byKey[key]; ok {
		c.drop(old)
	}
	e := &entry{key: key, result: r, bytes: weight(r)}
	if e.bytes > c.limit {
		return
	}
	c.byKey[key] = c.order.PushFront(e)
	c.size += e.bytes
	for c.size > c.limit {
		c.drop(c.order.Back())
	}
}

// Rewrite puts another form of each result in its place, of about its size.
func (c *Cache) Rewrite(form func(visualizers.Result) visualizers.Result) {
	for e := c.order.Front(); e != nil; e = e.Next() {
		kept := e.Value.(*entry)
		kept.result = form(kept.result)
	}
}

func (c *Cache) drop(e *list.Element) {
	old := c.order.Remove(e).(*entry)
	delete(c.byKey, old.key)
	c.size -= old.bytes
}

// Clear forgets all.
func (c *Cache) Clear() {
	c.order.Init()
	clear(c.byKey)
	c.size = 0
}

// weight estimates the bytes a result keeps alive.
func weight(r visualizers.Result) int {
	const header = 512
	n := header
	for _, m := range r.Maps {
		n += header + 4*len(m.Values)
	}
	for _, p := range r.Parts {
		n += header + partWeight(p)
	}
	if r.Patches != nil {
		n += 32 * len(r.Patches.Rects)
		for _, s := range r.Patches.Scores {
			n += 4*(len(s.Probabilities)+len(s.Logits)) + 48
		}
	}
	return n
}

func partWeight(p visualizers.Part) int {
	n := len(p.Text)
	if p.Map != nil {
		n += 4 * len(p.Map.Values)
	}
	if p.Picture != nil {
		n += 4 * len(p.Picture.Values)
	}
	if p.Table != nil {
		const cell = 32
		n += cell * len(p.Table.Columns) * (1 + len(p.Table.Rows))
	}
	return n
}

// Remove forgets the result of a key.
func (c *Cache) Remove(key string) {
	if e, ok := c.byKey[key]; ok {
		c.drop(e)
	}
}
