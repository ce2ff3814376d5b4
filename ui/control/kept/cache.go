// Package kept holds on to what was computed without letting memory grow: a
// cache bounded in bytes, and small forms of pictures and maps that thousands
// of list entries and table rows can afford.
package kept

import "container/list"

// Cache keeps the values used last, so that going back to one is instant. It is
// bounded by the bytes it holds; the value that was not used for longest goes
// first.
type Cache[K comparable, V any] struct {
	limit, size int
	weight      func(V) int
	order       *list.List // of *entry, newest first
	byKey       map[K]*list.Element
}

type entry[K comparable, V any] struct {
	key   K
	value V
	bytes int
}

// NewCache returns an empty cache of at most limit bytes; weight is how many a
// value keeps alive.
func NewCache[K comparable, V any](limit int, weight func(V) int) *Cache[K, V] {
	return &Cache[K, V]{limit: limit, weight: weight, order: list.New(), byKey: map[K]*list.Element{}}
}

// Get returns a value and marks it as used.
func (c *Cache[K, V]) Get(key K) (v V, ok bool) {
	e, ok := c.byKey[key]
	if !ok {
		return v, false
	}
	c.order.MoveToFront(e)
	return e.Value.(*entry[K, V]).value, true
}

// Has reports whether there is a value, without marking it as used.
func (c *Cache[K, V]) Has(key K) bool {
	_, ok := c.byKey[key]
	return ok
}

// Put keeps a value, unless it alone is larger than the bound.
func (c *Cache[K, V]) Put(key K, v V) {
	c.Remove(key)
	e := &entry[K, V]{key: key, value: v, bytes: c.weight(v)}
	if e.bytes > c.limit {
		return
	}
	c.byKey[key] = c.order.PushFront(e)
	c.size += e.bytes
	for c.size > c.limit {
		c.drop(c.order.Back())
	}
}

// Rewrite puts another form of each value in its place, of about its size.
func (c *Cache[K, V]) Rewrite(form func(V) V) {
	for e := c.order.Front(); e != nil; e = e.Next() {
		kept := e.Value.(*entry[K, V])
		kept.value = form(kept.value)
	}
}

// Remove forgets a value.
func (c *Cache[K, V]) Remove(key K) {
	if e, ok := c.byKey[key]; ok {
		c.drop(e)
	}
}

// Clear forgets everything.
func (c *Cache[K, V]) Clear() {
	c.order.Init()
	clear(c.byKey)
	c.size = 0
}

// Bytes is how much is held.
func (c *Cache[K, V]) Bytes() int { return c.size }

func (c *Cache[K, V]) drop(e *list.Element) {
	old := c.order.Remove(e).(*entry[K, V])
	delete(c.byKey, old.key)
	c.size -= old.bytes
}
