package patient

import (
	"testing"

	"picasso/backend/picture/patient/patienttest"
)

func TestNamesInEverySpelling(t *testing.T) {
	if len(patienttest.Invented) < 60 {
		t.Errorf("%d names", len(patienttest.Invented))
	}
	scripts := map[string]bool{}
	for _, c := range patienttest.Invented {
		scripts[c.Script] = true
		var f Facts
		f.AddName(c.Name)
		for _, text := range c.In {
			if !f.In("/data/in/" + text) {
				t.Errorf("%s: %q is not found in %q", c.Script, c.Name, text)
			}
		}
		for _, text := range append(c.Out, "/data/ct/series-1/slice-012.dcm", "", "model.onnx") {
			if f.In(text) {
				t.Errorf("%s: %q is found in %q", c.Script, c.Name, text)
			}
		}
	}
	if len(scripts) < 10 {
		t.Errorf("%d scripts", len(scripts))
	}
}

func TestNobodyIsNoPatient(t *testing.T) {
	var f Facts
	for _, name := range []string{"Anonymized", "ANONYMOUS^^^^", "unknown", "", "^^^^", "REMOVED", "anonym 12"} {
		f.AddName(name)
		f.AddNumber(name)
	}
	if !f.Empty() || f.In("/data/anonymized/unknown/removed.dcm") {
		t.Errorf("nobody is taken for a patient: %+v", f)
	}
}

func TestDates(t *testing.T) {
	var f Facts
	f.AddDate("19700213")
	f.AddDate("2024.03.17")
	for _, text := range []string{
		"1970-02-13.dcm", "13.02.1970", "13021970", "19700213", "02131970", "13.2.70", "130270", "700213", "2/13/1970", "13 Feb 1970", "Feb 13, 1970",
		"17Mar2024", "17-März-2024", "17.mars.2024", "2024_03_17_12_30", "scan20240317123000", "20240317T1200", "1970年2月13日", "17 de marzo de 2024", "٢٠٢٤-٠٣-١٧",
		"2024-17-03",
	} {
		if !f.In(text) {
			t.Errorf("%q tells no date", text)
		}
	}
	for _, text := range []string{"1970", "1970-02", "1970-02-14", "12.02.1970", "7002131", "march", "13", "2.13", "2024"} {
		if f.In(text) {
			t.Errorf("%q tells a date", text)
		}
	}
	for _, value := range []string{"", "19701399", "1970", "abc"} {
		var none Facts
		if none.AddDate(value); !none.Empty() {
			t.Errorf("%q is a date", value)
		}
	}
}

func TestNumbers(t *testing.T) {
	var f Facts
	f.AddNumber("MRN-7734412")
	f.AddNumber("0042")
	f.AddNumber("12")
	f.AddNumber("A-1234")
	for _, text := range []string{"7734412.dcm", "mrn7734412", "MRN_7734412_1", "0007734412", "0042.dcm", "/in/a1234/1.dcm", "mrn-773-4412"} {
		if !f.In(text) {
			t.Errorf("%q tells no number", text)
		}
	}
	for _, text := range []string{"773441", "77344121", "00421.dcm", "12.dcm", "a-123.dcm", "4412"} {
		if f.In(text) {
			t.Errorf("%q tells a number", text)
		}
	}
}

func TestFactsAreJoined(t *testing.T) {
	var a, b Facts
	a.AddName("Li^Bo")
	b.AddName("Иванов^Петр")
	b.AddDate("19700213")
	a.Add(&b)
	a.Add(nil)
	a.Add(&Facts{})
	for _, text := range []string{"bo li", "ivanov", "1970-02-13"} {
		if !a.In(text) {
			t.Errorf("%q is not found", text)
		}
	}
	if (&Facts{}).In("anything") || (*Facts)(nil).In("anything") {
		t.Error("nothing is known and something found")
	}
}

func FuzzFacts(f *testing.F) {
	for _, c := range patienttest.Invented {
		f.Add(c.Name, c.In[0])
	}
	f.Fuzz(func(t *testing.T, name, text string) {
		var known Facts
		known.AddName(name)
		known.AddNumber(name)
		known.AddDate(name)
		known.In(text)
	})
}

// BenchmarkIn is a path against the names of a thousand patients.
func BenchmarkIn(b *testing.B) {
	var f Facts
	for i := range 1000 {
		f.AddName("Patient" + string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + "^Nobody" + string(rune('a'+i/676)))
	}
	for b.Loop() {
		f.In("/data/study/series-0012/abdomen/without/contrast/IM000123.dcm")
	}
}
