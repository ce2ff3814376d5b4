package script

import (
	"context"
	"slices"
	"time"
)

// WatchEvery is how often [Library.Watch] should look.
const WatchEvery = 500 * time.Millisecond

// Watch looks at the folder at once and then again and again until ctx ends,
// and calls changed with all entries whenever something is different: a file
// was saved, added, removed or switched on. Looking reads the small files
// themselves, so it works on every file system and whatever way an editor
// saves. A folder that cannot be read calls changed with the error once.
func (l *Library) Watch(ctx context.Context, every time.Duration, changed func([]Entry, error)) {
	ticks := time.NewTicker(every)
	defer ticks.Stop()
	var last []Entry
	var lastErr error
	for first := true; ; first = false {
		entries, err := l.Scan(ctx)
		if ctx.Err() != nil {
			return
		}
		if first || !slices.EqualFunc(entries, last, sameEntry) || errorText(err) != errorText(lastErr) {
			last, lastErr = entries, err
			changed(entries, err)
		}
		select {
		case <-ticks.C:
		case <-ctx.Done():
			return
		}
	}
}

// sameEntry compares what users see of an entry.
func sameEntry(a, b Entry) bool {
	return a.Path == b.Path && a.Text == b.Text && (a.Script == nil) == (b.Script == nil) && errorText(a.Err) == errorText(b.Err)
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
