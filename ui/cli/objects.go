package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"time"

	"picasso/backend/files"
	"picasso/backend/mask"
	"picasso/backend/picture/dicom"
	"picasso/ui/cli/meter"
	"picasso/ui/cli/named"
	"picasso/ui/report"
	"picasso/ui/report/pacs"
)

// archived is what `explain` writes as DICOM, and where the picture in hand comes
// from.
type archived struct {
	pacs.Options
	origin  dicom.Origin
	regions *mask.Regions // given for the picture; nil for none
	tell    func(string)  // says something about the picture

	many   map[volumeKey]int // slices of each volume that are explained one by one
	series []*gathered       // volumes of several slices so far
	now    *gathered         // that of the picture; nil where that has objects of its own
}

// volumeKey is a volume of everything named.
type volumeKey struct{ series, volume int }

// gathered is a volume whose slices are explained one by one: what is found on them
// becomes objects of many frames, in a folder of the volume's name.
type gathered struct {
	key     volumeKey
	name    string
	stems   []string // of the files of its maps, in order
	maps    map[string]*pacs.Stack
	about   map[string]seriesObject
	regions pacs.RegionStack
}

// seriesObject is an entry of objects.json.
type seriesObject struct {
	File       string `json:"file"`
	Kind       string `json:"kind"`
	Visualizer string `json:"visualizer,omitempty"`
	Target     string `json:"target,omitempty"`
	Slices     []int  `json:"slices,omitempty"` // that have a map, counted from 0
}

// objectsFile lists the objects of a volume.
const objectsFile = "objects.json"

func (o *archived) declare(fs *flag.FlagSet) {
	fs.Func("dicom", "besides, DICOM objects of these `kinds`: sc (Secondary Capture: the figure, for people), pm (Parametric Map: the values), seg (Segmentation: the regions of --region, or where the map reaches --dicom-above), such as sc,pm; of volumes and of several slices of a series, pm and seg are one object of many frames; without the patient, in a study of their own", func(text string) (err error) {
		o.Kinds, err = pacs.ParseKinds(text)
		return err
	})
	fs.Func("dicom-study", "the `study` of the DICOM objects: new (de-identified), or keep for the patient's own, with name and dates; default new", func(text string) error {
		if text != "new" && text != "keep" {
			return errors.New("choose new or keep")
		}
		o.Keep = text == "keep"
		return nil
	})
	fs.Func("dicom-above", "the least `value` in a Segmentation of a map, in the unit of the map, or a share of its largest value, such as 50%", func(text string) (err error) {
		o.Above, err = pacs.ParseThreshold(text)
		return err
	})
}

// check refuses flags that say nothing together, and takes over from the others
// how figures are drawn.
func (o *archived) check(env Env, region string, d drawn) error {
	if err := o.Check(region != ""); err != nil {
		return wrong("%w", err)
	}
	o.Program, o.Made, o.Paper, o.Width, o.Many = "Picasso "+env.Version, time.Now(), d.paper, d.width, d.many
	return nil
}

// plan finds the volumes of which several slices are explained one by one.
func (o *archived) plan(items []named.Item) {
	o.many = map[volumeKey]int{}
	for _, it := range items {
		if it.Slice != nil {
			o.many[volumeKey{it.Slice.Series, it.Slice.Volume}]++
		}
	}
}

// gathers is the volume that objects of an item's picture go to; nil for one that has
// its own.
func (o *archived) gathers(it named.Item) *gathered {
	if it.Slice == nil || o.many[volumeKey{it.Slice.Series, it.Slice.Volume}] < 2 {
		return nil
	}
	key := volumeKey{it.Slice.Series, it.Slice.Volume}
	for _, g := range o.series {
		if g.key == key {
			return g
		}
	}
	g := &gathered{key: key, name: it.VolumeName(), maps: map[string]*pacs.Stack{}, about: map[string]seriesObject{}}
	o.series = append(o.series, g)
	return g
}

// on begins with a picture: one that cannot have the objects is refused.
func (o *archived) on(ctx context.Context, said *remarks, s subject) error {
	origin, notes, err := o.Origin(ctx, s.picture)
	if err != nil {
		return err
	}
	o.now = o.gathers(s.Item)
	o.origin, o.tell = origin, func(text string) { said.tell(s.Item, []string{text}) }
	said.tell(s.Item, notes)
	return nil
}

// objects writes a map's DICOM objects and gives their names; those of a series that
// is explained slice by slice are gathered first.
func (p *filing) objects(stem string, shown report.Shown) ([]string, error) {
	var names []string
	for _, kind := range p.archive.OfMaps() {
		name := stem + "-" + kind + ".dcm"
		if g := p.archive.now; g != nil && kind != pacs.Capture {
			if err := g.add(p, stem, shown); err != nil {
				return nil, err
			}
			names = append(names, "../"+g.name+"/"+name)
			continue
		}
		data, err := p.archive.Object(kind, p.archive.origin, p.subject, shown)
		if errors.Is(err, pacs.ErrNothingAbove) {
			p.lacking(stem + ": " + err.Error())
			continue
		}
		if err != nil {
			return nil, err
		}
		if err := p.folder.put(name, data); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, nil
}

// add takes the map of a slice over, once for all kinds.
func (g *gathered) add(p *filing, stem string, shown report.Shown) error {
	k := g.maps[stem]
	if k == nil {
		k = pacs.NewStack(p.archive.Options, p.subject, shown)
		g.maps[stem], g.stems = k, append(g.stems, stem)
		g.about[stem] = seriesObject{Visualizer: shown.Visualizer.Info().ID, Target: shown.Map.Target.Symbol(p.subject.Model)}
	}
	if n := k.Numbers(); len(n) > 0 && n[len(n)-1] == p.subject.Picture.Scan.Slice+1 {
		return nil
	}
	return k.Add(p.archive.origin, p.subject, shown)
}

// volumeObjects writes the objects of a volume's map, of which shown has the part on one
// slice, and gives their names: a figure of each slice that the map reaches, and the
// values of all of them in one file.
func (p *filing) volumeObjects(ctx context.Context, stem string, shown report.Shown) (names []string, err error) {
	for _, kind := range p.archive.OfMaps() {
		if kind == pacs.Capture {
			figures, err := p.captures(ctx, stem, shown)
			if err != nil {
				return nil, err
			}
			names = append(names, figures...)
			continue
		}
		k, err := p.archive.Volume(p.archive.origin, p.subject, shown)
		if err != nil {
			return nil, err
		}
		name := stem + "-" + kind + ".dcm"
		switch err := p.folder.by(name, func(w io.Writer) error { return k.Write(ctx, w, kind, nil) }); {
		case errors.Is(err, pacs.ErrNothingAbove):
			p.lacking(stem + ": " + err.Error())
		case err != nil:
			return nil, err
		default:
			names = append(names, name)
		}
	}
	return names, nil
}

// captures writes the figures of all slices that the map of a volume reaches, each as a
// Secondary Capture.
func (p *filing) captures(ctx context.Context, stem string, shown report.Shown) (names []string, err error) {
	of := shown.Map.Of
	for slice := range of.Block.Source[0] {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if !of.Block.Reaches(slice) {
			continue
		}
		subject := p.subject
		if subject.Picture, subject.Base, err = p.volume.At(slice); err != nil {
			return nil, err
		}
		shown.Map = of.Map.OnSlice(of.Block, slice)
		name := fmt.Sprintf("%s-%s-%03d.dcm", stem, pacs.Capture, slice)
		if err := p.folder.by(name, func(w io.Writer) error { return p.archive.Capture(w, p.archive.origin, subject, shown, slice) }); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, nil
}

// regions writes those of the picture as a DICOM object, where that was asked
// for.
func (p *filing) regions() error {
	r := p.archive.regions
	if r == nil || !p.archive.Wants(pacs.Segmentation) {
		return nil
	}
	if g := p.archive.now; g != nil {
		return g.regions.Add(p.archive.Options, p.archive.origin, p.subject, r)
	}
	segments := pacs.Segments(r)
	if len(segments) == 0 {
		p.lacking("no region lies on the picture; no Segmentation was written")
		return nil
	}
	data, err := p.archive.Regions(p.archive.origin, p.subject, segments)
	if err != nil {
		return err
	}
	p.DICOM = append(p.DICOM, regionsFile)
	return p.folder.put(regionsFile, data)
}

// volumeRegions writes the regions that a file has on the slices of a volume, where that
// was asked for.
func (p *filing) volumeRegions(ctx context.Context, file *mask.File) error {
	if file == nil || !p.archive.Wants(pacs.Segmentation) {
		return nil
	}
	var stack pacs.RegionStack
	var lacks error
	for slice := range p.volume.Block.Source[0] {
		img, base, err := p.volume.At(slice)
		if err != nil {
			return err
		}
		r, err := file.On(ctx, mask.Of(img))
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil { // it may well have nothing here
			lacks, r = err, nil
		}
		subject, origin := p.subject, p.archive.origin
		subject.Picture, subject.Base = img, base
		of := img.Slices()[slice]
		origin.Class, origin.Instance, origin.Frame = of.Class, of.Instance, of.Frame
		if err := stack.Add(p.archive.Options, origin, subject, r); err != nil {
			return err
		}
	}
	if stack.Empty() {
		if lacks == nil {
			lacks = errors.New("no region lies on the slices of the volume")
		}
		return lacks
	}
	p.DICOM = append(p.DICOM, regionsFile)
	return p.folder.by(regionsFile, func(w io.Writer) error { return stack.Write(ctx, w) })
}

// regionsFile are the regions that were given.
const regionsFile = "region-" + pacs.Segmentation + ".dcm"

// finish writes the objects of all volumes whose slices were explained one by one.
func (o *archived) finish(ctx context.Context, env Env, out string, read *files.Inputs) error {
	for _, g := range o.series {
		if ctx.Err() != nil {
			return nil // who was stopped has heard of it
		}
		if err := g.write(ctx, env, o, out, read); err != nil {
			return &failure{SomeFailed, err}
		}
	}
	return nil
}

// write writes the objects of a volume and what they are.
func (g *gathered) write(ctx context.Context, env Env, o *archived, out string, read *files.Inputs) error {
	f, err := newFolder(out, g.name, "", read)
	if err != nil {
		return err
	}
	defer f.Discard()
	var list []seriesObject
	for _, stem := range g.stems {
		for _, kind := range o.OfMaps() {
			if kind == pacs.Capture {
				continue
			}
			k, entry := g.maps[stem], g.about[stem]
			entry.File, entry.Kind = stem+"-"+kind+".dcm", kind
			line := meter.New(env.Stderr, env.Progress, g.name+" "+entry.File)
			err := f.by(entry.File, func(w io.Writer) error {
				return k.Write(ctx, w, kind, func(done float64) { line.Stage("writing", done) })
			})
			line.Clear()
			if errors.Is(err, pacs.ErrNothingAbove) {
				note(env.Stderr, g.name+"/"+entry.File+": "+err.Error())
				continue
			}
			if err != nil {
				return err
			}
			for _, n := range k.Numbers() {
				entry.Slices = append(entry.Slices, n-1)
			}
			list = append(list, entry)
		}
	}
	switch wanted := o.regions != nil && o.Wants(pacs.Segmentation); {
	case wanted && g.regions.Empty():
		note(env.Stderr, g.name+": no region lies on its slices; no Segmentation of regions was written")
	case wanted:
		if err := f.by(regionsFile, func(w io.Writer) error { return g.regions.Write(ctx, w) }); err != nil {
			return err
		}
		list = append(list, seriesObject{File: regionsFile, Kind: pacs.Segmentation})
	}
	if len(list) == 0 {
		return nil
	}
	if err := f.json(objectsFile, list); err != nil {
		return err
	}
	return refused(f.Publish())
}

// lacking says that an object was not written.
func (p *filing) lacking(why string) {
	p.Warnings = append(p.Warnings, why)
	p.archive.tell(why)
}
