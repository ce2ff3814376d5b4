package audit

import (
	"slices"

	"picasso/visualizers/audit/statistics"
	"picasso/visualizers/audit/ways"
)

// located are pictures, in order, with where their maps lie.
type located struct {
	items  []int
	places []Place
}

// locate looks where the maps of some pictures lie.
func (s Sample) locate(items []int) located {
	at := located{items, make([]Place, len(items))}
	ways.Beside(len(items), func(k int) { at.places[k] = PlaceOf(s.Map(items[k]), Side, Side) })
	return at
}

// of are the places of some of the pictures.
func (at located) of(items []int) []Place {
	places := make([]Place, len(items))
	for k, i := range items {
		if found, ok := slices.BinarySearch(at.items, i); ok {
			places[k] = at.places[found]
		}
	}
	return places
}

// lifts are means over maps with intervals.
func lifts(places []Place) Lifts {
	area := areasOf(Side, Side)
	parts := []struct {
		share func(*Place) float64
		area  float64
	}{
		{func(p *Place) float64 { return p.Top }, area.Third},
		{func(p *Place) float64 { return p.Bottom }, area.Third},
		{func(p *Place) float64 { return p.Border }, area.Border},
		{func(p *Place) float64 { return p.Corners[0] }, area.Corner},
		{func(p *Place) float64 { return p.Corners[1] }, area.Corner},
		{func(p *Place) float64 { return p.Corners[2] }, area.Corner},
		{func(p *Place) float64 { return p.Corners[3] }, area.Corner},
	}
	values := make([][]float64, len(parts))
	for k, part := range parts {
		values[k] = make([]float64, len(places))
		for i := range places {
			values[k][i] = part.share(&places[i]) / part.area
		}
	}
	means, intervals := statistics.Means(values, bootstraps, seed)
	lift := func(k int) Lift { return Lift{means[k], intervals[k]} }
	return Lifts{lift(0), lift(1), lift(2), [4]Lift{lift(3), lift(4), lift(5), lift(6)}}
}
