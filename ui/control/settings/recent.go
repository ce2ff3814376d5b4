package settings

import (
	"encoding/json"
	"slices"
)

// recent are the models that were opened last, latest first.
type recent []string

// behind puts these behind others that were opened later, in their order.
func (r recent) behind(later ...string) recent {
	all := slices.Clone(later)
	for _, path := range r {
		if !slices.Contains(later, path) {
			all = append(all, path)
		}
	}
	return all[:min(len(all), recentModels)]
}

// since are those that were opened after the list was older: what stands in front of
// the part that kept its order.
func (r recent) since(older recent) recent {
	for n := range r {
		left := slices.DeleteFunc(slices.Clone(older), func(p string) bool { return slices.Contains(r[:n], p) })
		if rest := r[n:]; slices.Equal(rest, left[:min(len(rest), len(left))]) {
			return r[:n]
		}
	}
	return r
}

// mergeRecent puts what one window opened in front of what the file lists, which
// others may have changed. An empty list was emptied.
func mergeRecent(before, own, theirs json.RawMessage) (json.RawMessage, error) {
	var old, mine, now recent
	for data, list := range map[*json.RawMessage]*recent{&before: &old, &theirs: &now} {
		if len(*data) > 0 && json.Unmarshal(*data, list) != nil {
			return own, nil // it was something else
		}
	}
	if len(own) == 0 {
		return nil, nil
	}
	if err := json.Unmarshal(own, &mine); err != nil {
		return nil, err
	}
	return json.Marshal(now.behind(mine.since(old)...))
}
