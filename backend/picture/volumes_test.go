package picture

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	. "picasso/backend/picture/dicom/dicomtest"
)

// Attributes of the files made here.
const (
	imageType    = 0x00080008
	acquiredAt   = 0x00080032
	modality     = 0x00080060
	manufacturer = 0x00080070
	agent        = 0x00180010
	echoTime     = 0x00180081
	triggerTime  = 0x00181060
	convolution  = 0x00181210
	bValue       = 0x00189087
	gradient     = 0x00189089
	seriesUID    = 0x0020000e
	acquisition  = 0x00200012
	number       = 0x00200013
	position     = 0x00200032
	orientation  = 0x00200037
	temporal     = 0x00200100
	location     = 0x00201041
	spacing      = 0x00280030
)

// at is the elements of an axial slice of a series at a height.
func at(series string, n int, z float64) []Element {
	return []Element{
		Text(modality, "CS", "MR"), Text(seriesUID, "UI", series), Text(number, "IS", fmt.Sprint(n)),
		Text(position, "DS", fmt.Sprintf(`0\0\%g`, z)), Text(orientation, "DS", `1\0\0\0\1\0`), Text(spacing, "DS", `0.5\0.5`),
	}
}

// folderOf writes files and opens their folder.
func folderOf(t *testing.T, files ...[]byte) []*Series {
	t.Helper()
	folder := t.TempDir()
	for i, data := range files {
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("IM%03d", i)), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	all, err := OpenSeries(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// interleaved makes volumes of three slices, all first slices before all
// second ones: as instance numbers of many scanners count. more is what sets
// volume v apart. Values are 100·(v+1) + slice.
func interleaved(volumes int, more func(v, slice int) []Element) [][]byte {
	var files [][]byte
	for z := range 3 {
		for v := range volumes {
			files = append(files, File(at("1.2.3", len(files)+1, float64(4*z)), Flat(int16(100*(v+1)+z)), more(v, z)))
		}
	}
	return files
}

func one(e Element) []Element { return []Element{e} }

func TestVolumesAreTold(t *testing.T) {
	for _, c := range []struct {
		name    string
		more    func(v, slice int) []Element
		volumes []string
		remark  string
	}{
		{"echoes", func(v, _ int) []Element { return one(Text(echoTime, "DS", []string{"4.6", "9.2"}[v])) }, []string{"echo 4.6 ms", "echo 9.2 ms"}, ""},
		{"b-values", func(v, _ int) []Element { return one(Doubles(bValue, float64(1000*v))) }, []string{"b 0", "b 1000"}, ""},
		{"directions", func(v, _ int) []Element {
			if v == 0 {
				return one(Doubles(bValue, 0))
			}
			return []Element{Doubles(bValue, 800), Doubles(gradient, float64(v%2), float64(v/2), 0)}
		}, []string{"b 0", "b 800, direction 1", "b 800, direction 2"}, ""},
		{"b-values of Siemens", func(v, _ int) []Element {
			return []Element{Text(0x00190010, "LO", "SIEMENS MR HEADER"), Text(0x0019100c, "IS", fmt.Sprint(500*v))}
		}, []string{"b 0", "b 500"}, ""},
		{"b-values of GE", func(v, _ int) []Element {
			return []Element{Text(0x00430010, "LO", "GEMS_PARM_01"), Text(0x00431039, "IS", fmt.Sprintf(`%d\8\0\0`, 1_000_000_000+500*v))}
		}, []string{"b 0", "b 500"}, ""},
		{"kernels", func(v, _ int) []Element {
			return []Element{Text(modality, "CS", "CT"), Text(convolution, "SH", []string{"B60f", "B30f"}[v])}
		}, []string{"kernel B60f", "kernel B30f"}, ""},
		{"contrast", func(v, _ int) []Element { return one(Text(agent, "LO", []string{"", "Iohexol"}[v])) }, []string{"without contrast", "with contrast"}, ""},
		{"parts of the signal", func(v, _ int) []Element {
			return one(Text(imageType, "CS", `ORIGINAL\PRIMARY\`+[]string{"R", "M", "I", "P"}[v]))
		}, []string{"magnitude", "phase", "real", "imaginary"}, ""},
		{"Dixon", func(v, _ int) []Element {
			return one(Text(imageType, "CS", `DERIVED\PRIMARY\M\DIXON\`+[]string{"W", "F", "IN"}[v]))
		}, []string{"in phase", "water", "fat"}, ""},
		{"temporal positions beyond nine", func(v, _ int) []Element { return one(Text(temporal, "IS", fmt.Sprint(2+9*v))) }, []string{"temporal position 2", "temporal position 11"}, ""},
		{"acquisitions", func(v, _ int) []Element { return one(Text(acquisition, "IS", fmt.Sprint(v+7))) }, []string{"acquisition 7", "acquisition 8"}, ""},
		{"phases of the heart", func(v, z int) []Element { return one(Text(triggerTime, "DS", fmt.Sprint(40*v+z))) }, []string{"phase 1", "phase 2"}, ""},
		{"times", func(v, z int) []Element { return one(Text(acquiredAt, "TM", fmt.Sprintf("1000%02d.%d", 10*v, z))) }, []string{"time 1", "time 2"}, ""},
		{"echoes and times", func(v, _ int) []Element {
			return []Element{Text(echoTime, "DS", fmt.Sprint(5+v/2)), Text(temporal, "IS", fmt.Sprint(1+v%2))}
		}, []string{"echo 5 ms, temporal position 1", "echo 5 ms, temporal position 2", "echo 6 ms, temporal position 1", "echo 6 ms, temporal position 2"}, ""},
		{"segments", func(v, _ int) []Element {
			return one(Sequence(0x52009230, []Element{Sequence(0x0062000a, []Element{Short(0x0062000b, uint16(v+2))})}))
		}, []string{"segment 2", "segment 3"}, ""},
		{"indices of dimensions", func(v, z int) []Element {
			return []Element{
				Sequence(0x00209222, []Element{{Tag: 0x00209165, VR: "AT", Value: []byte{0x20, 0, 0x57, 0x90}}}, []Element{{Tag: 0x00209165, VR: "AT", Value: []byte{0x18, 0, 0x14, 0x13}}}),
				Sequence(0x52009230, []Element{Sequence(0x00209111, []Element{Long(0x00209157, uint32(z+1), uint32(5+v))})}),
			}
		}, []string{"part 1", "part 2"}, ""},
		{"nothing", func(int, int) []Element { return nil }, []string{"repeat 1", "repeat 2"}, "positions repeat: up to 2 slices lie at one place, and nothing but their numbers tells them apart"},
	} {
		all := folderOf(t, interleaved(len(c.volumes), c.more)...)
		if len(all) != 1 {
			t.Errorf("%s: %d series", c.name, len(all))
			continue
		}
		var names []string
		for _, v := range all[0].Volumes() {
			names = append(names, v.Name)
			if v.Len != 3 || v.Distance != 4 {
				t.Errorf("%s: %+v", c.name, v)
			}
		}
		if !slices.Equal(names, c.volumes) {
			t.Errorf("%s: %q, want %q", c.name, names, c.volumes)
		}
		for i := range all[0].Len() {
			m, err := all[0].Slice(i)
			if err != nil {
				t.Fatal(err)
			}
			if got := int(m.At(0, 0, 0)); got%100 != i%3 {
				t.Errorf("%s: slice %d is %d", c.name, i, got)
			}
			if n, err := m.Neighbour(1); err != nil || int(n.At(0, 0, 0))/100 != int(m.At(0, 0, 0))/100 {
				t.Errorf("%s: the neighbour of slice %d is of another volume: %v", c.name, i, err)
			}
			if got := strings.Join(m.Notes, "; "); got != c.remark {
				t.Errorf("%s: remarks %q, want %q", c.name, got, c.remark)
			}
		}
	}
}

// What is another in every slice of one stack makes no volumes of it.
func TestOneStackStaysOneVolume(t *testing.T) {
	for name, more := range map[string]func(n int) []Element{
		"trigger times":       func(n int) []Element { return one(Text(triggerTime, "DS", fmt.Sprint(13*n))) },
		"acquisition numbers": func(n int) []Element { return one(Text(acquisition, "IS", fmt.Sprint(n))) },
		"image types": func(n int) []Element {
			return one(Text(imageType, "CS", fmt.Sprintf(`ORIGINAL\PRIMARY\AXIAL\X%d`, n%2)))
		},
		"temporal positions": func(n int) []Element { return one(Text(temporal, "IS", fmt.Sprint(n))) },
	} {
		var files [][]byte
		for n := range 4 {
			files = append(files, File(at("1.2.3", n, float64(n)), Flat(int16(n)), more(n)))
		}
		all := folderOf(t, files...)
		if len(all) != 1 || len(all[0].Volumes()) != 1 || all[0].Volumes()[0].Name != "" || all[0].Name != "MR, 4 slices" || len(all[0].Remarks) > 0 {
			t.Errorf("%s: %+v", name, all[0].Volumes())
		}
	}
}

// A film of one slice: every moment is a volume, and its own neighbour.
func TestOneSliceAtManyTimes(t *testing.T) {
	var files [][]byte
	for n := range 5 {
		files = append(files, File(at("1.2.3", 5-n, 0), Flat(int16(n)), one(Text(triggerTime, "DS", fmt.Sprint(30*n)))))
	}
	s := folderOf(t, files...)[0]
	if s.Name != "MR, 5 volumes of 1 slice" || s.Volumes()[1].Name != "trigger time 30 ms" {
		t.Errorf("%q, %+v", s.Name, s.Volumes())
	}
	m, err := s.Slice(2)
	if err != nil || m.At(0, 0, 0) != 2 || m.Scan.VolumeName != "trigger time 60 ms" {
		t.Fatalf("%+v, %v", m.Scan, err)
	}
	if n, err := m.Neighbour(1); err != nil || n.At(0, 0, 0) != 2 {
		t.Errorf("the neighbour is of another time: %v, %v", n, err)
	}
}

func TestRemarksAboutSpace(t *testing.T) {
	stack := func(heights ...float64) (files [][]byte) {
		for n, z := range heights {
			files = append(files, File(at("1.2.3", n, z), Flat(int16(n))))
		}
		return files
	}
	tilted := func(degrees float64) (files [][]byte) {
		for n := range 4 {
			y := 3 * float64(n) * math.Tan(degrees*math.Pi/180)
			files = append(files, File(at("1.2.3", n, 0), Flat(0), one(Text(position, "DS", fmt.Sprintf(`0\%.6g\%d`, y, 3*n)))))
		}
		return files
	}
	for _, c := range []struct {
		name     string
		files    [][]byte
		distance float64
		remarks  []string
	}{
		{"even", stack(0, 2.5, 5, 7.5), 2.5, nil},
		{"written with few digits", stack(0, 0.63, 1.25, 1.88, 2.5), 0.63, nil},
		{"one missing", stack(0, 3, 9, 12, 15), 3, []string{"the distance between slices changes from 3 to 6 mm behind slice 1"}},
		{"two gaps", stack(0, 3, 9, 12, 21, 24), 3, []string{"the distance between slices changes from 3 to 6 mm behind slice 1", "the distance between slices changes from 3 to 9 mm behind slice 3"}},
		{"thin, then thick", stack(0, 1, 2, 3, 5, 7, 9, 11), 2, []string{"the distance between slices changes from 1 to 2 mm behind slice 3"}},
		{"no order at all", stack(0, 1, 3, 6, 10, 15, 21), 4, []string{
			"the distance between slices changes from 1 to 2 mm behind slice 1", "the distance between slices changes from 2 to 3 mm behind slice 2",
			"the distance between slices changes from 3 to 4 mm behind slice 3", "the distance between slices changes at 2 more places"}},
		{"tilted", tilted(15), 3, []string{"the slices are tilted by 15.0 degrees"}},
		{"straight", tilted(0.2), 3, nil},
	} {
		all := folderOf(t, c.files...)
		v := all[0].Volumes()[0]
		if len(all) != 1 || math.Abs(v.Distance-c.distance) > 1e-9 || !slices.Equal(v.Remarks, c.remarks) {
			t.Errorf("%s: %d series, %v mm, remarks %q, want %v mm, %q", c.name, len(all), v.Distance, v.Remarks, c.distance, c.remarks)
		}
		if m, err := all[0].Slice(1); err != nil || !slices.Equal(m.Notes, c.remarks) || math.Abs(m.Scan.Distance-c.distance) > 1e-9 {
			t.Errorf("%s: a slice says %q, %v", c.name, m.Notes, err)
		}
	}
}

func TestSeriesAreSplitByPixelSize(t *testing.T) {
	var files [][]byte
	for n := range 4 {
		files = append(files, File(at("1.2.3", n, float64(n)), Flat(0), one(Text(spacing, "DS", []string{`0.7\0.7`, `0.9\0.9`}[n/2]))))
	}
	all := folderOf(t, files...)
	const want = "the pixel size changes within the series, from 0.7 to 0.9 mm; the parts are shown as series of their own"
	if len(all) != 2 || all[0].Len() != 2 || !slices.Equal(all[0].Remarks, []string{want}) || !slices.Equal(all[1].Remarks, []string{want}) {
		t.Errorf("%d series, %q", len(all), all[0].Remarks)
	}
}

func TestOrderWithoutPosition(t *testing.T) {
	bare := func(n int, more ...Element) []byte {
		return File([]Element{Text(modality, "CS", "CT"), Text(seriesUID, "UI", "1.2.3")}, Flat(int16(n)), more)
	}
	order := func(s *Series) (got []int) {
		for i := range s.Len() {
			m, err := s.Slice(i)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, int(m.At(0, 0, 0)))
		}
		return got
	}
	for _, c := range []struct {
		name, remark string
		files        [][]byte
	}{
		{"slice location", "ordered by their slice location", [][]byte{
			bare(2, Text(location, "DS", "-3"), Text(number, "IS", "1")), bare(0, Text(location, "DS", "-9.5"), Text(number, "IS", "2")), bare(1, Text(location, "DS", "-6"), Text(number, "IS", "3"))}},
		{"numbers", "", [][]byte{bare(1, Text(number, "IS", "10")), bare(2, Text(number, "IS", "11")), bare(0, Text(number, "IS", "9"))}},
		{"names", "ordered by the names of their files", [][]byte{bare(0), bare(1), bare(2)}},
	} {
		s := folderOf(t, c.files...)[0]
		if got := order(s); !slices.Equal(got, []int{0, 1, 2}) {
			t.Errorf("%s: %v", c.name, got)
		}
		if got := strings.Join(s.Remarks, "; "); c.remark == "" && got != "" || !strings.Contains(got, c.remark) {
			t.Errorf("%s: remarks %q", c.name, got)
		}
	}
}

// Files of a series of mosaics are its volumes.
func TestMosaicsAreVolumes(t *testing.T) {
	var files [][]byte
	for v := range 3 {
		values := make([]int16, 16)
		for i := range values {
			values[i] = int16(100*v + i/8*2 + i%4/2)
		}
		files = append(files, File(at("1.2.3", v+1, 0), Grey(4, 4, values), []Element{
			Text(imageType, "CS", `ORIGINAL\PRIMARY\M\MOSAIC`), Text(manufacturer, "LO", "SIEMENS"), Text(acquisition, "IS", fmt.Sprint(v+1)),
			Text(0x00190010, "LO", "SIEMENS MR HEADER"), Short(0x0019100a, 3), Text(0x00180088, "DS", "4"),
		}))
	}
	all := folderOf(t, files...)
	if len(all) != 1 || all[0].Name != "MR, 3 volumes of 3 slices" || all[0].Volumes()[2].Name != "acquisition 3" || all[0].Volumes()[0].Distance != 4 {
		t.Fatalf("%d series, %+v", len(all), all[0].Volumes())
	}
	for i := range 9 {
		m, err := all[0].Slice(i)
		if err != nil || m.Width != 2 || int(m.At(1, 1, 0)) != 100*(i/3)+i%3 || len(m.Notes) > 0 {
			t.Errorf("slice %d: %v, %v", i, m, err)
		}
		// The centre of the whole picture is that of every tile: its corner is a pixel of 0.5 mm away.
		if g := m.Scan.Geometry; g.Position != [3]float64{0.5, 0.5, float64(4 * (i % 3))} {
			t.Errorf("slice %d lies at %v", i, g.Position)
		}
	}
}

// enhanced is a file of two moments of three slices each, stored the wrong way
// round: frame f is slice 2 − f/2 of moment 1 − f%2, and has that as its value.
func enhanced() []byte {
	var groups [][]Element
	var values []int16
	for f := range 6 {
		z, moment := 2-f/2, 1-f%2
		for range 4 {
			values = append(values, int16(100*moment+z))
		}
		groups = append(groups, []Element{
			Sequence(0x00209111, []Element{Long(0x00209128, uint32(moment+1)), Long(0x00209057, uint32(z+1))}),
			Sequence(0x00209113, []Element{Text(position, "DS", fmt.Sprintf(`0\0\%d`, 3*z))}),
			Sequence(0x00289145, []Element{Text(0x00281052, "DS", "0"), Text(0x00281053, "DS", fmt.Sprint(moment+1)), Text(0x00281054, "LO", "US")}),
		})
	}
	shared := []Element{Sequence(0x00209116, []Element{Text(orientation, "DS", `1\0\0\0\1\0`)})}
	return File([]Element{Text(modality, "CS", "MR"), Text(seriesUID, "UI", "1.2.3"), Text(0x00280008, "IS", "6"),
		Sequence(0x52009229, shared), Sequence(0x52009230, groups...)}, Grey(2, 2, values))
}

// Frames count in the order shown; both numbers are told, and neighbours stay
// in their moment.
func TestFramesOfAnEnhancedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mr.dcm")
	if err := os.WriteFile(path, enhanced(), 0o600); err != nil {
		t.Fatal(err)
	}
	for i := range 6 {
		moment, z := i/3, i%3
		m, err := OpenFrame(path, i)
		if err != nil {
			t.Fatal(err)
		}
		stored := 2*(2-z) + 1 - moment
		if want := float32((100*moment + z) * (moment + 1)); m.At(0, 0, 0) != want || m.Scan.Frame != stored || m.Scan.Slice != i || m.Scan.Volume != moment ||
			m.Scan.VolumeName != fmt.Sprintf("temporal position %d", moment+1) || m.Scan.Distance != 3 {
			t.Errorf("frame %d: %v, %+v", i, m.At(0, 0, 0), m.Scan)
		}
		if own, err := OpenStored(path, stored); err != nil || own.Scan.Slice != i || own.At(0, 0, 0) != m.At(0, 0, 0) {
			t.Errorf("frame %d of the file: %+v, %v", stored, own.Scan, err)
		}
		for _, offset := range []int{-3, -1, 1, 3} {
			want := 3*moment + min(max(z+offset, 0), 2)
			if n, err := m.Neighbour(offset); err != nil || n.Scan.Slice != want {
				t.Errorf("%d beside frame %d is %d, want %d: %v", offset, i, n.Scan.Slice, want, err)
			}
		}
	}
	var e *Error
	for _, i := range []int{-1, 6} {
		if _, err := OpenFrame(path, i); !errors.As(err, &e) || e.Remedy != "choose one of 0 to 5; the first frame is 0" {
			t.Errorf("frame %d: %v", i, err)
		}
		if _, err := OpenStored(path, i); !errors.As(err, &e) {
			t.Errorf("frame %d of the file: %v", i, err)
		}
	}
	all, err := OpenSeries(t.Context(), path)
	if err != nil || len(all) != 1 || all[0].Name != "MR, 2 volumes of 3 slices" {
		t.Errorf("%v, %v", all, err)
	}
}

// Positions that differ by what is written of them are one place.
func TestPositionsWithJitter(t *testing.T) {
	files := interleaved(2, func(v, z int) []Element {
		return []Element{Text(acquisition, "IS", fmt.Sprint(v)), Text(position, "DS", fmt.Sprintf(`0\0\%.4f`, 4*float64(z)+0.0049+0.0002*float64(v)))}
	})
	if s := folderOf(t, files...)[0]; len(s.Volumes()) != 2 || len(s.Volumes()[0].Remarks) > 0 {
		t.Errorf("%+v", s.Volumes())
	}
}
