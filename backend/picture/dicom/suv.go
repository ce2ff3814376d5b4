package dicom

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Attributes of PET (PS3.3 C.8.9).
const (
	tagSeriesDate      Tag = 0x00080021
	tagAcquisitionDate Tag = 0x00080022
	tagSeriesTime      Tag = 0x00080031
	tagAcquisitionTime Tag = 0x00080032
	tagPatientWeight   Tag = 0x00101030
	tagTracerStart     Tag = 0x00181072 // time of day
	tagTracerDose      Tag = 0x00181074 // becquerels
	tagHalfLife        Tag = 0x00181075 // seconds
	tagTracerStartDate Tag = 0x00181078 // date and time
	tagCorrections     Tag = 0x00280051
	tagTracer          Tag = 0x00540016
	tagUnits           Tag = 0x00541001
	tagSUVType         Tag = 0x00541006
	tagDecayCorrection Tag = 0x00541102
)

// petUnit is the unit of a PET image; what is not told as a rescale type stands
// in an element of its own.
func (d *dataset) petUnit(told string) string {
	if told == "" {
		told = unitOf(d.text(tagUnits))
	}
	if told == unitSUV {
		switch strings.ToUpper(d.text(tagSUVType)) {
		case "", "BW":
		case "LBM", "LBMJAMES128", "LBMJANMA", "IBW":
			return "SUV (lean or ideal weight)"
		case "BSA":
			return "SUV (body surface)"
		default:
			return "g/ml"
		}
	}
	return told
}

// SUV is how the values of a PET image become standardized uptake values by
// body weight: multiplied by Factor. Where the file does not allow it, Missing
// says what is not there, in words without patient data.
type SUV struct {
	Factor  float64
	Missing []string
}

// suv follows the vendor-neutral recipe of QIBA's FDG-PET/CT profile
// (appendix G): weight / (injected dose, decayed to the time that the image is
// corrected to). It is nil for files that are no PET in Bq/ml, nor in counts with
// the factors of Philips.
func (d *dataset) suv(unit string) *SUV {
	if d.kindOf() != "PT" {
		return nil
	}
	switch unit {
	case unitActivity:
		return d.suvOf(1)
	case unitCounts: // Philips gives the factor itself, or that to Bq/ml
		if n := d.philips(0x00); n > 0 {
			return &SUV{Factor: n}
		}
		if n := d.philips(0x09); n > 0 {
			return d.suvOf(n)
		}
	}
	return nil
}

// philips is a factor of Philips' block for PET, 0 where there is none.
func (d *dataset) philips(element byte) float64 {
	n := d.number(d.private(0x7053, "Philips PET Private Group", element))
	if n.broken || !(n.value > 0) || n.value > maxRescale {
		return 0
	}
	return n.value
}

// suvOf is the factor for values that become Bq/ml when multiplied by activity.
func (d *dataset) suvOf(activity float64) *SUV {
	s := &SUV{}
	weight := s.need(d, tagPatientWeight, "the patient's weight", 0.2, 500) * 1000 // grams; 1 ml is taken for 1 g
	tracer := d.first(tagTracer)
	dose := s.need(tracer, tagTracerDose, "the injected dose", 1e3, 1e12)
	corrections := d.texts(tagCorrections)
	has := func(name string) bool {
		for _, c := range corrections {
			if strings.EqualFold(c, name) {
				return true
			}
		}
		return false
	}
	if !has("ATTN") {
		s.miss("the correction for attenuation")
	}
	if !has("DECY") {
		s.miss("the correction for decay")
	}
	switch strings.ToUpper(d.text(tagDecayCorrection)) {
	case "START":
		half := s.need(tracer, tagHalfLife, "the half-life of the tracer", 1, 1e9)
		if wait, ok := d.uptake(tracer); !ok {
			s.miss("the times of injection and scan")
		} else if half > 0 {
			dose *= math.Exp2(-wait.Seconds() / half)
		}
	case "ADMIN": // to the time of injection
	default:
		s.miss("the time that decay is corrected to")
	}
	if len(s.Missing) > 0 || !(dose > 0) {
		return s
	}
	s.Factor = activity * weight / dose
	return s
}

func (s *SUV) miss(what string) { s.Missing = append(s.Missing, what) }

// need reads a number that must lie between two bounds.
func (s *SUV) need(d *dataset, tag Tag, what string, low, high float64) float64 {
	n := d.number(tag)
	if n.broken || n.value < low || n.value > high {
		s.miss(what)
		return 0
	}
	return n.value
}

// uptake is the time from injection to scan.
func (d *dataset) uptake(tracer *dataset) (time.Duration, bool) {
	scan, ok := d.scanStart()
	if !ok {
		return 0, false
	}
	start, dated := stamp(tracer.text(tagTracerStartDate))
	if !dated {
		clock, ok := timeOf(tracer.text(tagTracerStart))
		if !ok {
			return 0, false
		}
		start = scan.Truncate(24 * time.Hour).Add(clock)
		if start.After(scan) { // injected before midnight
			start = start.Add(-24 * time.Hour)
		}
	}
	wait := scan.Sub(start)
	return wait, wait >= 0 && wait < 7*24*time.Hour
}

// scanStart is when the scan began: with the series. A series that was computed
// after the acquisition tells another time; then GE's own element counts.
func (d *dataset) scanStart() (time.Time, bool) {
	scan, ok := moment(d.text(tagSeriesDate), d.text(tagSeriesTime))
	acquired, known := moment(d.text(tagAcquisitionDate), d.text(tagAcquisitionTime))
	if !ok || !known || acquired.After(scan.Add(-time.Minute)) {
		return scan, ok && known
	}
	return stamp(d.text(d.private(0x0009, "GEMS_PETD_01", 0x0d)))
}

// moment is a date and a time of day, of the scanner's clock.
func moment(date, clock string) (time.Time, bool) {
	day, err := time.Parse("20060102", strings.NewReplacer(".", "", "-", "").Replace(date))
	at, ok := timeOf(clock)
	return day.Add(at), err == nil && ok
}

// stamp is a date and time in one (VR DT); a zone behind it is left out, as
// the other times have none.
func stamp(s string) (time.Time, bool) {
	if i := strings.IndexAny(s, "+-"); i > 0 {
		s = s[:i]
	}
	if len(s) < 12 {
		return time.Time{}, false
	}
	return moment(s[:8], s[8:])
}

// timeOf is a time of day (VR TM): hours, minutes, seconds and parts of them.
func timeOf(s string) (time.Duration, bool) {
	s = strings.ReplaceAll(s, ":", "")
	if len(s) < 4 {
		return 0, false
	}
	hours, err1 := strconv.Atoi(s[:2])
	minutes, err2 := strconv.Atoi(s[2:4])
	seconds, err3 := 0.0, error(nil)
	if len(s) > 4 {
		seconds, err3 = strconv.ParseFloat(s[4:], 64)
	}
	ok := err1 == nil && err2 == nil && err3 == nil && hours >= 0 && hours < 24 && minutes >= 0 && minutes < 60 && seconds >= 0 && seconds < 62
	return time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute + time.Duration(seconds*float64(time.Second)), ok
}

// Uptake is a PET frame with standardized uptake values. It needs a factor.
func (m *Frame) Uptake() *Frame {
	out, by := *m, m.SUV.Factor
	scale := func(r [2]float32) [2]float32 {
		return [2]float32{float32(float64(r[0]) * by), float32(float64(r[1]) * by)}
	}
	out.Values = make([]float32, len(m.Values))
	for i, v := range m.Values {
		out.Values[i] = float32(float64(v) * by)
	}
	out.Unit, out.SUV = unitSUV, nil
	out.Full, out.Inside, out.Depth = scale(m.Full), scale(m.Inside), scale(m.Depth)
	out.Windows = nil
	for _, w := range m.Windows {
		if w.table == nil {
			w.Center, w.Width = w.Center*by, w.Width*by
			w.Function = w.Function.exact()
			out.Windows = append(out.Windows, w)
		}
	}
	return &out
}

// exact is the function for values that are no whole numbers: the linear one
// counts in steps of 1.
func (f Function) exact() Function {
	if f == Linear {
		return LinearExact
	}
	return f
}

// List puts words together as people do.
func List(words []string) string {
	switch n := len(words); n {
	case 0:
		return ""
	case 1:
		return words[0]
	default:
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
}
