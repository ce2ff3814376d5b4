package covering

import (
	"picasso/ui/control/session"
	"picasso/visualizers/cover"
)

// kept is what is covered of a picture, for sessions.
func (k *Controller) kept(picture int) []session.Covered {
	var list []session.Covered
	for at, s := range k.sheets {
		if at.picture != picture {
			continue
		}
		runs, height, width, fill := s.packed, s.mask.height, s.mask.width, s.fill
		if s.mask.share != nil {
			runs = s.mask.runs()
		}
		if runs == "" {
			continue
		}
		list = append(list, session.Covered{Slice: at.slice, Volume: at.volume, Pack: func() (*session.Cover, error) {
			m := newMask(height, width)
			if err := runs.open(m); err != nil {
				return nil, err
			}
			return session.NewCover(m.share, height, width, fill)
		}})
	}
	return list
}

// reopen brings back what a session says was covered of the current picture.
func (k *Controller) reopen() {
	saved := k.c.SavedCover(k.look)
	if saved == nil {
		return
	}
	fill, err := cover.HandFill.Parse(saved.Fill)
	share := []uint8(nil)
	if err == nil {
		share, err = saved.Open(k.look.Image.Height, k.look.Image.Width)
	}
	if err != nil {
		k.c.Tell("bring back what was covered of "+k.look.Name, err)
		return
	}
	s := newSheet(k.look.Image.Height, k.look.Image.Width, cover.HandFill.Format(fill), k.id())
	s.mask.share = share
	k.sheet, k.sheets[k.at] = s, s
}
