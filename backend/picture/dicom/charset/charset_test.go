package charset

import (
	"slices"
	"testing"
)

// The examples of PS3.5 annexes H, I and J, and single sets.
func TestDecode(t *testing.T) {
	for _, c := range []struct {
		name, bytes, want string
		terms             []string
	}{
		{"ASCII", "Doe^Jane", "Doe^Jane", nil},
		{"Latin-1", "M\xfcller^\xc4nne", "Müller^Änne", []string{"ISO_IR 100"}},
		{"Latin-2", "Dvo\xf8\xe1k", "Dvořák", []string{"ISO_IR 101"}},
		{"Latin-9", "\xa4", "€", []string{"ISO_IR 203"}},
		{"Turkish", "\xdd\xfe\xfdk", "İşık", []string{"ISO_IR 148"}},
		{"Cyrillic", "\xb8\xd2\xd0\xdd\xde\xd2", "Иванов", []string{"ISO_IR 144"}},
		{"Arabic", "\xe2\xc8\xc7\xe6\xea^\xe4\xe6\xd2\xc7\xd1", "قباني^لنزار", []string{"ISO_IR 127"}},
		{"Greek", "\xc4\xe9\xef\xed\xf5\xf3\xe9\xef\xf2", "Διονυσιος", []string{"ISO_IR 126"}},
		{"Hebrew", "\xf9\xf8\xe5\xef^\xe3\xe1\xe5\xf8\xe4", "שרון^דבורה", []string{"ISO_IR 138"}},
		{"Thai", "\xca\xc1\xaa\xd2\xc2", "สมชาย", []string{"ISO_IR 166"}},
		{"UTF-8", "Wang^XiaoDong=王^小东", "Wang^XiaoDong=王^小东", []string{"ISO_IR 192"}},
		{"GB18030", "Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab", "Wang^XiaoDong=王^小东", []string{"GB18030"}},
		{"GBK", "\xcd\xf5", "王", []string{"GBK"}},
		{"Japanese, H.3-1", "Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B", "Yamada^Tarou=山田^太郎=やまだ^たろう", []string{"", "ISO 2022 IR 87"}},
		{"Japanese, H.3-2", "\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J=\x1b$B$d$^$@\x1b(J^\x1b$B$?$m$&\x1b(J", "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう", []string{"ISO 2022 IR 13", "ISO 2022 IR 87"}},
		{"Korean, I.2", "Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf", "Hong^Gildong=洪^吉洞=홍^길동", []string{"", "ISO 2022 IR 149"}},
		{"Korean, escape once", "\x1b$)C\xc8\xab^\xb1\xe6\xb5\xbf", "홍^길동", []string{"", "ISO 2022 IR 149"}},
		{"Chinese, K.2", "Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab=", "Zhang^XiaoDong=张^小东=", []string{"", "ISO 2022 IR 58"}},
		{"two single sets", "M\xfcller=\x1b-L\xb8\xd2\xd0\xdd", "Müller=Иван", []string{"ISO 2022 IR 100", "ISO 2022 IR 144"}},
		{"undeclared escapes", "\x1b$B;3ED\x1b(B", "山田", nil},
		{"escape at the end", "Doe\x1b", "Doe", nil},
		{"unknown escape", "Doe\x1b%G1", "Doe%G1", nil},
		{"not in the set", "a\xfc", "a\ufffd", nil},
	} {
		if got := New(c.terms).Decode([]byte(c.bytes)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// A file that declares nothing, or something else, is read as what it may be.
func TestReadings(t *testing.T) {
	for _, c := range []struct {
		bytes, want string
		terms       []string
	}{
		{"M\xfcller", "Müller", nil},
		{"Müller", "Müller", nil},
		{"Müller", "Müller", []string{"ISO_IR 100"}},
		{"\xc8\xe2\xe0\xed\xee\xe2", "Иванов", nil},
		{"\xcd\xf5\xd0\xa1\xb6\xab", "王小东", []string{"ISO_IR 999"}},
		{"M\xfcller", "Müller", []string{"ISO_IR 192"}},
	} {
		if got := New(c.terms).Readings([]byte(c.bytes)); !slices.Contains(got, c.want) {
			t.Errorf("%q as %q is read as %q", c.bytes, c.terms, got)
		}
	}
	if got := New(nil).Readings([]byte("Doe")); len(got) != 1 {
		t.Errorf("ASCII is read as %q", got)
	}
	if got := New([]string{"ISO_IR 144"}).Readings([]byte("\xb8\xd2\xd0\xdd")); len(got) != 1 {
		t.Errorf("declared Cyrillic is read as %q", got)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("ISO 2022 IR 87", []byte("\x1b$B;3ED\x1b(B"))
	f.Add("GB18030", []byte("\xcd\xf5\x81\x30"))
	f.Fuzz(func(_ *testing.T, term string, data []byte) {
		d := New([]string{"", term})
		d.Decode(data)
		d.Readings(data)
	})
}
