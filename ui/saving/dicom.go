package saving

import (
	"errors"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/report/pacs"
	"picasso/ui/widgets"
	"picasso/ui/words"
)

// studies are the choices of where DICOM objects go. The second says all that goes
// with them, and is never remembered.
var studies = []string{
	"A new study, without the patient (de-identified)",
	"The patient’s own study: name, number, birth date and study are written into the files",
}

// DICOMForm asks which DICOM objects are made of a map, and where they belong.
type DICOMForm struct {
	Box fyne.CanvasObject

	capture, parametric, above, regions *widget.Check
	least                               *widgets.Entry
	study                               *widget.RadioGroup
	scope                               *widget.RadioGroup
	fault                               *widgets.Fault
}

// thisSlice is the choice that is always there.
const thisSlice = "The map of this slice"

// NewDICOMForm shows what can be made. lack is why there can be no values in the
// patient, nil where there can; more says which further slices there are maps of, "" for
// none; regions tells whether any are drawn; escape is called for Esc in a field.
func NewDICOMForm(lack error, more string, regions bool, escape func()) *DICOMForm {
	f := &DICOMForm{
		capture:    widget.NewCheck("Secondary Capture: the figure, for people; every archive shows it", nil),
		parametric: widget.NewCheck("Parametric Map: the values, as 32-bit numbers on the pixels of the slices", nil),
		above:      widget.NewCheck("Segmentation: where the map is at least", nil),
		regions:    widget.NewCheck("Segmentation: the regions that are drawn on the picture", nil),
		least:      widgets.NewEntry(escape),
		study:      widget.NewRadioGroup(studies, nil),
		scope:      widget.NewRadioGroup([]string{thisSlice}, nil),
		fault:      widgets.NewFault(),
	}
	f.least.SetText("50%")
	f.capture.SetChecked(true)
	f.parametric.SetChecked(lack == nil)
	f.scope.Required = true
	f.scope.SetSelected(thisSlice)
	if more != "" {
		f.scope.Append(more)
		f.scope.SetSelected(more)
	}
	f.study.Required = true
	f.study.SetSelected(studies[0])
	widgets.Visible(f.regions, regions)
	least := widgets.Faint("a value in the unit of the map, or a share of its largest value")
	parts := container.NewVBox(f.capture, f.parametric, container.NewHBox(f.above, widgets.AtLeast(80, 0, f.least), least), f.regions)
	if lack != nil {
		for _, c := range []*widget.Check{f.parametric, f.above, f.regions} {
			c.Disable()
		}
		f.least.Disable()
		why, _, _ := strings.Cut(lack.Error(), ";")
		text := widget.NewLabel("Only a Secondary Capture can be made: " + why + ".")
		text.Wrapping = fyne.TextWrapWord
		parts.Add(text)
	}
	about := widget.NewLabel("Writes DICOM objects for an archive (PACS). All say that they are for research and not for diagnosis.")
	about.Wrapping = fyne.TextWrapWord
	f.Box = container.NewVBox(about, widgets.Heading("OBJECTS"), parts, widgets.Heading("WHERE THEY BELONG"), f.study, f.fault)
	if more != "" {
		many := widgets.Faint("Of more than one slice, the values and each region are one object with a frame for every slice; figures are one for each slice, a series.")
		f.Box = container.NewVBox(about, widgets.Heading("OF WHAT"), f.scope, many, widgets.Heading("OBJECTS"), parts, widgets.Heading("WHERE THEY BELONG"), f.study, f.fault)
	}
	return f
}

// All reports whether objects are made of all slices that have a map.
func (f *DICOMForm) All() bool { return f.scope.Selected != thisSlice }

// Chosen are the choices now, and whether the drawn regions go with them; the error
// says what is missing.
func (f *DICOMForm) Chosen() (o pacs.Options, regions bool, err error) {
	if f.capture.Checked {
		o.Kinds = append(o.Kinds, pacs.Capture)
	}
	if f.parametric.Checked {
		o.Kinds = append(o.Kinds, pacs.Parametric)
	}
	if regions = f.regions.Checked && f.regions.Visible(); regions || f.above.Checked {
		o.Kinds = append(o.Kinds, pacs.Segmentation)
	}
	if f.above.Checked {
		if o.Above, err = pacs.ParseThreshold(f.least.Text); err != nil {
			return o, regions, err
		}
	}
	if len(o.Kinds) == 0 {
		return o, regions, errors.New("choose at least one object")
	}
	o.Keep = f.study.Selected == studies[1]
	return o, regions, nil
}

// Fault shows why the choices cannot be used; nil for nothing.
func (f *DICOMForm) Fault(err error) {
	if err == nil {
		f.fault.Say("")
		return
	}
	f.fault.Say(words.Sentence(err.Error()))
}
