package patient

import (
	"strconv"
	"strings"
)

// date is a day of the calendar.
type date struct{ year, month, day int }

// AddDate adds a date as DICOM writes it (VR DA, the beginning of DT): eight
// digits, of old files with points.
func (f *Facts) AddDate(value string) {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, value)
	if len(digits) < 8 {
		return
	}
	n, err := strconv.Atoi(digits[:8])
	d := date{n / 10000, n / 100 % 100, n % 100}
	if err == nil && d.sound() && d.year > 1800 && f.first("date ", digits[:8]) {
		f.dates[d] = true
	}
}

func (d date) sound() bool { return d.month >= 1 && d.month <= 12 && d.day >= 1 && d.day <= 31 }

// dateIn looks for dates in any order, of a text's smallest words.
func (f *Facts) dateIn(words []string) bool {
	if len(f.dates) == 0 {
		return false
	}
	var parts []string
	for _, w := range words {
		if f.digits(w) {
			return true
		}
		if !between(w) {
			parts = append(parts, w)
		}
	}
	for i := 0; i+3 <= len(parts); i++ {
		if f.threeParts(parts[i : i+3]) {
			return true
		}
	}
	return false
}

// between reports whether a word may stand between the parts of a date.
func between(w string) bool {
	switch w {
	case "年", "月", "日", "号", "년", "월", "일", "de", "of", "th", "st", "nd", "rd", "er":
		return true
	}
	return false
}

// orders are where year, month and day stand.
var orders = [...][3]int{{0, 1, 2}, {2, 1, 0}, {2, 0, 1}, {0, 2, 1}}

// digits looks for a date in a row of digits: eight anywhere, or six alone.
func (f *Facts) digits(s string) bool {
	if !numeric(s) {
		return false
	}
	for i := 0; i+8 <= len(s); i++ {
		w := s[i : i+8]
		for _, d := range []date{
			{number(w[:4]), number(w[4:6]), number(w[6:])}, {number(w[4:]), number(w[2:4]), number(w[:2])},
			{number(w[4:]), number(w[:2]), number(w[2:4])},
		} {
			if f.dates[d] {
				return true
			}
		}
	}
	if len(s) != 6 {
		return false
	}
	return f.threeParts([]string{s[:2], s[2:4], s[4:]})
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

// threeParts takes three words for year, month and day in every order.
func (f *Facts) threeParts(w []string) bool {
	for _, o := range orders {
		year, month, day := w[o[0]], w[o[1]], w[o[2]]
		m := monthOf(month)
		if m == 0 && len(month) <= 2 {
			m = number(month)
		}
		if len(day) > 2 || len(year) != 2 && len(year) != 4 || !numeric(day) || !numeric(year) {
			continue
		}
		d := date{number(year), m, number(day)}
		if len(year) == 4 && f.dates[d] {
			return true
		}
		for _, century := range [...]int{1800, 1900, 2000} {
			d.year = century + number(year)
			if len(year) == 2 && f.dates[d] {
				return true
			}
		}
	}
	return false
}

// months are the beginnings of their names in English, German, French, Spanish,
// Italian, Dutch and Portuguese, folded.
var months = [...]string{
	"jan ene gen", "feb fev", "mar mrz mrt maz", "apr avr abr", "may mai mei mag", "jun juin giu", "jul juil lug",
	"aug aou ago aoû", "sep set", "oct okt ott out", "nov", "dec dez dic",
}

// monthOf is the month that a word names, or 0.
func monthOf(w string) int {
	for i, names := range months {
		for _, name := range strings.Fields(names) {
			if len(w) >= 3 && strings.HasPrefix(w, name) {
				return i + 1
			}
		}
	}
	return 0
}
