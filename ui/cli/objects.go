package cli

import (
	"context"
	"errors"
	"flag"
	"time"

	"picasso/backend/mask"
	"picasso/backend/picture/dicom"
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
}

func (o *archived) declare(fs *flag.FlagSet) {
	fs.Func("dicom", "besides, DICOM objects of these `kinds`: sc (Secondary Capture: the figure, for people), pm (Parametric Map: the values), seg (Segmentation: the regions of --region, or where the map reaches --dicom-above), such as sc,pm; without the patient, in a study of their own", func(text string) (err error) {
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
	o.Program, o.Made, o.Paper, o.Width = "Picasso "+env.Version, time.Now(), d.paper, d.width
	return nil
}

// on begins with a picture: one that cannot have the objects is refused.
func (o *archived) on(ctx context.Context, said *remarks, s subject) error {
	origin, notes, err := o.Origin(ctx, s.picture)
	if err != nil {
		return err
	}
	o.origin, o.tell = origin, func(text string) { said.tell(s.Item, []string{text}) }
	said.tell(s.Item, notes)
	return nil
}

// objects writes a map's DICOM objects and gives their names.
func (p *filing) objects(stem string, shown report.Shown) ([]string, error) {
	var names []string
	for _, kind := range p.archive.OfMaps() {
		data, err := p.archive.Object(kind, p.archive.origin, p.subject, shown)
		if errors.Is(err, pacs.ErrNothingAbove) {
			p.lacking(stem + ": " + err.Error())
			continue
		}
		if err != nil {
			return nil, err
		}
		name := stem + "-" + kind + ".dcm"
		if err := p.folder.put(name, data); err != nil {
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
	segments := pacs.Segments(r)
	if len(segments) == 0 {
		p.lacking("no region lies on the picture; no Segmentation was written")
		return nil
	}
	data, err := p.archive.Regions(p.archive.origin, p.subject, segments)
	if err != nil {
		return err
	}
	const name = "region-" + pacs.Segmentation + ".dcm"
	p.DICOM = append(p.DICOM, name)
	return p.folder.put(name, data)
}

// lacking says that an object was not written.
func (p *filing) lacking(why string) {
	p.Warnings = append(p.Warnings, why)
	p.archive.tell(why)
}
