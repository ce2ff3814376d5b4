// Package charset decodes the texts of DICOM files by their Specific Character
// Set (PS3.3 C.12.1.1.2): single-byte sets, Japanese, Korean and Chinese with
// the escape sequences of ISO 2022 (PS3.5 6.1.2.5), GB18030, GBK and UTF-8.
//
// Files are not trusted to follow their own declaration: an escape sequence is
// obeyed whether it was declared or not, and what cannot be decoded becomes
// U+FFFD, never an error.
package charset

import (
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// Decoder turns bytes of a file into text.
type Decoder struct {
	whole encoding.Encoding // of the whole text; nil where escape sequences may switch
	upper encoding.Encoding // of bytes from 0x80 on, until an escape sequence says otherwise
	known bool              // the file declares what is known here
	utf8  bool
}

// upper are the sets of bytes from 0xa0 on by the number of their registration.
var upper = map[string]encoding.Encoding{
	"100": charmap.ISO8859_1, "101": charmap.ISO8859_2, "109": charmap.ISO8859_3, "110": charmap.ISO8859_4,
	"144": charmap.ISO8859_5, "127": charmap.ISO8859_6, "126": charmap.ISO8859_7, "138": charmap.ISO8859_8,
	"148": charmap.ISO8859_9, "203": charmap.ISO8859_15, "166": charmap.Windows874,
	"13": japanese.ShiftJIS, "149": korean.EUCKR, "58": simplifiedchinese.GBK,
}

// New makes the decoder for the values of (0008,0005), in their order. None is
// ASCII.
func New(terms []string) *Decoder {
	d := &Decoder{}
	for i, term := range terms {
		term = strings.ToUpper(strings.TrimSpace(term))
		number := strings.TrimPrefix(strings.TrimPrefix(strings.ReplaceAll(term, "_", " "), "ISO 2022 IR "), "ISO IR ")
		switch {
		case number == "192" || term == "UTF-8" || term == "UTF8":
			d.utf8, d.known = true, true
		case term == "GB18030" || term == "GBK":
			d.whole, d.known = simplifiedchinese.GB18030, true
		case number == "6" || number == "87" || number == "159":
			d.known = true
		case upper[number] != nil:
			d.known = true
			if i == 0 || d.upper == nil {
				d.upper = upper[number]
			}
		}
	}
	return d
}

// Decode gives the text.
func (d *Decoder) Decode(b []byte) string {
	switch {
	case d.utf8:
		return strings.ToValidUTF8(string(b), "\ufffd")
	case d.whole != nil:
		return decoded(d.whole, b)
	}
	return d.switching(b)
}

// Readings are what the bytes may mean: as declared; as UTF-8 where they are;
// and where the file declares nothing of use, in the sets that are common.
func (d *Decoder) Readings(b []byte) []string {
	out := []string{d.Decode(b)}
	add := func(s string) {
		if !slices.Contains(out, s) && !strings.ContainsRune(s, utf8.RuneError) {
			out = append(out, s)
		}
	}
	if !slices.ContainsFunc(b, func(c byte) bool { return c >= 0x80 }) {
		return out
	}
	if utf8.Valid(b) {
		add(string(b))
	}
	if d.known && !strings.ContainsRune(out[0], utf8.RuneError) {
		return out
	}
	for _, e := range []encoding.Encoding{charmap.ISO8859_1, charmap.Windows1251, charmap.Windows1253, charmap.ISO8859_2,
		simplifiedchinese.GB18030, japanese.ShiftJIS, korean.EUCKR} {
		add(decoded(e, b))
	}
	return out
}

func decoded(e encoding.Encoding, b []byte) string {
	out, err := e.NewDecoder().Bytes(b)
	if err != nil {
		return strings.ToValidUTF8(string(b), "\ufffd")
	}
	return string(out)
}

const escape = 0x1b

// switches are the escape sequences by what follows ESC. lower ones designate
// the sets of two bytes below 0x80.
var switches = []struct {
	sequence string
	upper    encoding.Encoding // of bytes from 0x80 on from here
	double   string            // escape sequence of ISO-2022-JP for bytes below 0x80 from here
	single   bool              // bytes below 0x80 are ASCII from here
}{
	{"(B", nil, "", true}, {"(J", nil, "", true},
	{"$B", nil, "$B", false}, {"$@", nil, "$@", false}, {"$(D", nil, "$(D", false},
	{")I", japanese.ShiftJIS, "", false}, {"$)C", korean.EUCKR, "", false}, {"$)A", simplifiedchinese.GBK, "", false},
	{"-A", charmap.ISO8859_1, "", false}, {"-B", charmap.ISO8859_2, "", false}, {"-C", charmap.ISO8859_3, "", false},
	{"-D", charmap.ISO8859_4, "", false}, {"-L", charmap.ISO8859_5, "", false}, {"-G", charmap.ISO8859_6, "", false},
	{"-F", charmap.ISO8859_7, "", false}, {"-H", charmap.ISO8859_8, "", false}, {"-M", charmap.ISO8859_9, "", false},
	{"-b", charmap.ISO8859_15, "", false}, {"-T", charmap.Windows874, "", false},
}

// switching decodes text with escape sequences. Sets stay until the next one,
// as sloppy writers do not begin anew behind the delimiters of names.
func (d *Decoder) switching(b []byte) string {
	var out strings.Builder
	high, double := d.upper, ""
	for len(b) > 0 {
		end := slices.Index(b, escape)
		if end < 0 {
			end = len(b)
		}
		out.WriteString(chunk(b[:end], high, double))
		if end == len(b) {
			break
		}
		b = b[end+1:]
		for _, s := range switches {
			if strings.HasPrefix(string(b[:min(len(b), 3)]), s.sequence) {
				b = b[len(s.sequence):]
				if s.upper != nil {
					high = s.upper
				}
				if s.single || s.double != "" {
					double = s.double
				}
				break
			}
		}
	}
	return out.String()
}

// chunk decodes text without escape sequences.
func chunk(b []byte, high encoding.Encoding, double string) string {
	if double != "" {
		return decoded(japanese.ISO2022JP, append([]byte("\x1b"+double), b...))
	}
	if !slices.ContainsFunc(b, func(c byte) bool { return c >= 0x80 }) {
		return string(b)
	}
	if high == nil {
		return strings.ToValidUTF8(string(b), "\ufffd")
	}
	return decoded(high, b)
}
