package patient

import "testing"

// invented are names of nobody, as files write them, with texts that name the
// patient and texts that do not.
var invented = []struct {
	script, name string
	in, out      []string
}{
	{"Latin", "DOE^JANE", []string{"DOE_JANE.dcm", "JaneDoe.dcm", "doejane", "janedoe1", "JDoe.dcm", "jdoe", "doe-j", "DOE/JANE/1.dcm", "Jane", "janed"}, []string{"does/janet", "slice-001.dcm", "dough", "january"}},
	{"Latin", "Doe^Jane^M", []string{"jmdoe", "DoeJM", "doe.jane.m"}, []string{"jm", "m"}},
	{"Latin", "Li^Na", []string{"Li_Na.dcm", "lina", "NaLi", "na li"}, []string{"lion_nav", "li.dcm", "linear"}},
	{"Latin", "Ng^Anh", []string{"Ng_Anh.dcm", "anh", "AnhNg"}, []string{"ng", "sang"}},
	{"Latin", "Wu^Xu", []string{"Wu_Xu.dcm", "xuwu"}, []string{"wu", "xu.dcm", "wurst"}},
	{"Latin", "O'Brien^Sean", []string{"OBrien", "o_brien", "sobrien", "Seán"}, []string{"brie", "ocean"}},
	{"Latin", "McDonald^Ann", []string{"mcdonald", "McDonald", "AMcDonald"}, []string{"donor"}},
	{"Latin", "van der Berg^Jan", []string{"vanderberg", "berg", "Jan_van_der_Berg", "jvanderberg"}, []string{"van", "der", "icebergs"}},
	{"Latin", "Garcia Lopez^Maria Jose", []string{"garcia", "Lopez_Garcia", "mariajose", "GarcíaLópez"}, []string{"mari", "lop"}},
	{"Latin", "Smith-Jones^Mary", []string{"SmithJones", "jones", "smith_jones_mary"}, []string{"smit", "marina"}},
	{"Latin", "Dr. Roe^Richard", []string{"roe", "RichardRoe", "rroe"}, []string{"dr", "drroex"}},
	{"umlauts", "Müller^Änne", []string{"Mueller_Aenne.dcm", "Muller_Anne.dcm", "Mu\u0308ller_A\u0308nne.dcm", "MÜLLER", "mueller", "AENNE"}, []string{"mull", "mule"}},
	{"umlauts", "Mueller^Joerg", []string{"Müller", "jörg", "Jorg", "JMüller"}, []string{"jo"}},
	{"umlauts", "Groß^Jürgen", []string{"gross", "Gross_Juergen", "jurgen", "JGroß"}, []string{"gro", "jurg"}},
	{"umlauts", "Jo^Ellis", []string{"joellis", "JoEllis", "ellis_jo"}, []string{"jo", "ell"}},
	{"Nordic", "Ødegård^Åse", []string{"odegard", "Oedegaard", "ase", "aase", "ÅseØdegård"}, []string{"ode"}},
	{"Nordic", "Þórsson^Björk", []string{"thorsson", "bjork", "Bjoerk"}, []string{"thor"}},
	{"Nordic", "Kjær^Søren", []string{"kjar", "kjaer", "soeren", "soren"}, []string{"kj"}},
	{"Polish", "Łukasiewicz^Józef", []string{"lukasiewicz", "jozef", "JLukasiewicz"}, []string{"lukas"}},
	{"Polish", "Wiśniewski^Zbyszko", []string{"wisniewski", "zbyszko_w"}, []string{"wisn"}},
	{"Czech", "Dvořák^Antonín", []string{"dvorak", "antonin"}, []string{"ant"}},
	{"French", "Lefèvre^Éloïse", []string{"lefevre", "eloise", "ELefevre"}, []string{"fevr", "elo"}},
	{"French", "D'Aubigné^Théo", []string{"daubigne", "d_aubigne", "theo"}, []string{"aub"}},
	{"Spanish", "Muñoz^Iñigo", []string{"munoz", "inigo"}, []string{"muno"}},
	{"Portuguese", "Gonçalves^João", []string{"goncalves", "joao"}, []string{"gonc"}},
	{"Turkish", "Işık^Gökçe", []string{"isik", "gokce", "goekce", "ISIK"}, []string{"isi"}},
	{"Hungarian", "Szőke^Ágnes", []string{"szoke", "agnes"}, []string{"szo"}},
	{"Romanian", "Țepeș^Ștefan", []string{"tepes", "stefan"}, []string{"tep"}},
	{"Vietnamese", "Nguyễn^Đức", []string{"nguyen", "duc", "NguyenDuc"}, []string{"nguy"}},
	{"Vietnamese", "Trần^Thị^Hoa", []string{"tran_thi_hoa", "tran", "hoatran"}, []string{"hoarse"}},
	{"Cyrillic", "Иванов^Петр", []string{"Иванов_Петр.dcm", "иванов", "ПетрИванов", "ivanov", "Petr_Ivanov", "PIvanov"}, []string{"Иван", "pet"}},
	{"Cyrillic", "Щербакова^Юлия", []string{"щербакова", "Юлия", "yulia", "Julia_Shcherbakova"}, []string{"ул", "yul"}},
	{"Cyrillic", "Соловьёв^Фёдор", []string{"соловьев", "федор", "solovev"}, []string{"соло"}},
	{"Cyrillic", "Шевченко^Андрій", []string{"шевченко", "андрій", "shevchenko", "andrii"}, []string{"шев"}},
	{"Cyrillic", "Ivanov^Petr=Иванов^Петр", []string{"Иванов.dcm", "ivanov", "petrivanov"}, []string{"ivan"}},
	{"Cyrillic", "Jovanović^Đorđe=Јовановић^Ђорђе", []string{"jovanovic", "јовановић", "dorde"}, []string{"јов"}},
	{"Greek", "Παπαδόπουλος^Νίκος", []string{"παπαδοπουλος", "ΝΙΚΟΣ", "Νίκος_Π", "nikos"}, []string{"παπα"}},
	{"Greek", "Παπας^Ελένη", []string{"Παπας.dcm", "ελενη", "papas"}, []string{"παπ"}},
	{"Arabic", "أحمد^محمد", []string{"احمد", "محمد_أحمد", "مُحَمَّد"}, []string{"حم"}},
	{"Arabic", "فاطمة^علي", []string{"فاطمه", "علي_فاطمة"}, []string{"فا"}},
	{"Persian", "کریمی^شیرین", []string{"كريمي", "شیرین"}, []string{"شی"}},
	{"Hebrew", "כהן^דוד", []string{"כהן", "דוד_כהן", "דָּוִד"}, []string{"כה"}},
	{"Hebrew", "Levi^Noa=לוי^נועה", []string{"לוי", "noalevi", "נועה"}, []string{"נו"}},
	{"Han", "Wang^XiaoDong=王^小东", []string{"王小东.dcm", "王_小东", "小东", "东小王小东", "wangxiaodong", "Xiao_Dong_Wang", "scan王小东2"}, []string{"王.dcm", "wan", "小.dcm"}},
	{"Han", "王^小东", []string{"王小东", "小东", "小东王"}, []string{"王", "大小"}},
	{"Han", "欧阳^小东", []string{"欧阳_小东.dcm", "欧阳", "小东欧阳"}, []string{"欧"}},
	{"Han", "Li^Wei=李^伟", []string{"李伟", "李_伟", "伟李", "liwei"}, []string{"李", "伟"}},
	{"Han", "王小东", []string{"王小东", "x王小东x"}, []string{"小东西"}},
	{"Japanese", "Yamada^Tarou=山田^太郎=やまだ^たろう", []string{"山田太郎.dcm", "山田_太郎", "やまだたろう", "ヤマダ", "ﾔﾏﾀﾞ", "yamada", "TarouYamada"}, []string{"山", "yam"}},
	{"Japanese", "Tanaka^Taro=田中^太郎=たなか^たろう", []string{"田中", "タナカ", "tanaka_t"}, []string{"田"}},
	{"Japanese", "ｻﾄｳ^ﾊﾅｺ=佐藤^花子", []string{"佐藤花子", "さとう", "サトウ"}, []string{"花"}},
	{"Hangul", "Hong^Gildong=洪^吉洞=홍^길동", []string{"홍길동.dcm", "길동", "洪吉洞", "gildong", "\u1112\u1169\u11bc\u1100\u1175\u11af\u1103\u1169\u11bc"}, []string{"홍", "hon"}},
	{"Hangul", "Kim^Cheolsu=金^哲秀=김^철수", []string{"김_철수.dcm", "철수", "kimcheolsu"}, []string{"김", "ki"}},
	{"Thai", "สุขใจ^สมชาย", []string{"สมชาย", "สุขใจ_สมชาย"}, []string{"สม"}},
	{"Devanagari", "शर्मा^अनिल", []string{"शर्मा", "अनिल_शर्मा"}, []string{"शर"}},
	{"Devanagari", "Sharma^Anil=शर्मा^अनिल", []string{"sharma", "ASharma", "शर्मा"}, []string{"shar"}},
	{"Tamil", "குமார்^ராஜ்", []string{"குமார்"}, []string{"கு"}},
	{"Georgian", "ბერიძე^ნინო", []string{"ბერიძე", "ნინო"}, []string{"ბე"}},
	{"Armenian", "Պետրոսյան^Արամ", []string{"պետրոսյան", "ԱՐԱՄ"}, []string{"պե"}},
	{"full width", "Ｓｕｚｕｋｉ^Ｋｅｎ", []string{"suzuki", "Ken_Suzuki"}, []string{"suz"}},
	{"no caret", "Roe Richard", []string{"roe", "RichardRoe", "roe_richard"}, []string{"rich"}},
	{"spelled with commas", "Roe, Richard", []string{"roe", "richard"}, []string{"rich"}},
}

func TestNamesInEverySpelling(t *testing.T) {
	if len(invented) < 60 {
		t.Errorf("%d names", len(invented))
	}
	scripts := map[string]bool{}
	for _, c := range invented {
		scripts[c.script] = true
		var f Facts
		f.AddName(c.name)
		for _, text := range c.in {
			if !f.In("/data/in/" + text) {
				t.Errorf("%s: %q is not found in %q", c.script, c.name, text)
			}
		}
		for _, text := range append(c.out, "/data/ct/series-1/slice-012.dcm", "", "model.onnx") {
			if f.In(text) {
				t.Errorf("%s: %q is found in %q", c.script, c.name, text)
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
	for _, c := range invented {
		f.Add(c.name, c.in[0])
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
