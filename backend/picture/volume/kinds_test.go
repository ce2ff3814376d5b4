package volume_test

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"picasso/backend/picture/metaimage"
	"picasso/backend/picture/mgh"
	"picasso/backend/picture/nifti"
	"picasso/backend/picture/nrrd"
	"picasso/backend/picture/volume"
)

// body is a volume as every kind can tell it.
type body struct {
	size    [3]int
	volumes int
	kind    volume.Type
	order   binary.AppendByteOrder
	affine  [3][4]float64 // to millimetres to the left, back and head
}

// values are its numbers: the place in the file.
func (b body) values() []float64 {
	out := make([]float64, b.size[0]*b.size[1]*b.size[2]*b.volumes)
	for i := range out {
		out[i] = float64(i % 100)
		if b.kind == volume.Int16 || b.kind == volume.Int32 || b.kind == volume.Float32 || b.kind == volume.Float64 {
			out[i] = float64(i) - 7
		}
	}
	return out
}

func (b body) bytes() []byte {
	var out []byte
	for _, v := range b.values() {
		switch b.kind {
		case volume.Uint8:
			out = append(out, uint8(v))
		case volume.Int16, volume.Uint16:
			out = b.order.AppendUint16(out, uint16(int16(v)))
		case volume.Int32, volume.Uint32:
			out = b.order.AppendUint32(out, uint32(int32(v)))
		case volume.Int64, volume.Uint64:
			out = b.order.AppendUint64(out, uint64(int64(v)))
		case volume.Float32:
			out = b.order.AppendUint32(out, math.Float32bits(float32(v)))
		case volume.Float64:
			out = b.order.AppendUint64(out, math.Float64bits(v))
		}
	}
	return out
}

// folder is files by their names; the first is opened.
type folder map[string][]byte

func (f folder) source(name string) volume.Source {
	data := f[name]
	return volume.Source{
		File: bytes.NewReader(data), Size: int64(len(data)), Name: name, Zipped: bytes.HasPrefix(data, []byte{0x1f, 0x8b}),
		Beside: func(name string) (volume.Part, error) {
			data, ok := f[name]
			if !ok {
				return volume.Part{}, volume.Missing(name)
			}
			return volume.Part{File: bytes.NewReader(data), Size: int64(len(data)), Close: func() error { return nil }}, nil
		},
	}
}

func asNIfTI(b body, pair bool) folder {
	h := make([]byte, 352)
	order := b.order.(binary.ByteOrder)
	order.PutUint32(h, 348)
	for i, n := range []int{4, b.size[0], b.size[1], b.size[2], b.volumes, 1, 1, 1} {
		order.PutUint16(h[40+2*i:], uint16(n))
	}
	order.PutUint16(h[70:], map[volume.Type]uint16{volume.Uint8: 2, volume.Int16: 4, volume.Int32: 8, volume.Float32: 16, volume.Float64: 64,
		volume.Uint16: 512, volume.Uint32: 768, volume.Int64: 1024, volume.Uint64: 1280}[b.kind])
	order.PutUint16(h[72:], uint16(8*b.kind.Size()))
	put := func(at int, v float64) { order.PutUint32(h[at:], math.Float32bits(float32(v))) }
	put(108, 352)
	h[123] = 2 // millimetres
	order.PutUint16(h[254:], 1)
	for r, row := range b.affine {
		for c, v := range row {
			if r < 2 {
				v = -v // right and front
			}
			put(280+16*r+4*c, v)
		}
	}
	if pair {
		put(108, 0)
		copy(h[344:], "ni1\x00")
		return folder{"v.hdr": h[:348], "v.img": b.bytes()}
	}
	copy(h[344:], "n+1\x00")
	return folder{"v.nii": append(h, b.bytes()...)}
}

func asMGH(b body) folder {
	b.order = binary.BigEndian
	h := make([]byte, 284)
	for i, n := range []int{1, b.size[0], b.size[1], b.size[2], b.volumes, map[volume.Type]int{volume.Uint8: 0, volume.Int32: 1, volume.Float32: 3, volume.Int16: 4}[b.kind]} {
		binary.BigEndian.PutUint32(h[4*i:], uint32(n))
	}
	binary.BigEndian.PutUint16(h[28:], 1)
	put := func(i int, v float64) { binary.BigEndian.PutUint32(h[30+4*i:], math.Float32bits(float32(v))) }
	for i := range 3 {
		sign := -1.0
		if i == 2 {
			sign = 1
		}
		middle := b.affine[i][3]
		for axis := range 3 {
			length := b.step(axis)
			put(axis, length)
			put(3+3*axis+i, sign*b.affine[i][axis]/length)
			middle += b.affine[i][axis] * float64(b.size[axis]) / 2
		}
		put(12+i, sign*middle)
	}
	return folder{"v.mgh": append(h, b.bytes()...)}
}

// step is the length of an axis's step.
func (b body) step(axis int) float64 {
	return math.Sqrt(b.affine[0][axis]*b.affine[0][axis] + b.affine[1][axis]*b.affine[1][axis] + b.affine[2][axis]*b.affine[2][axis])
}

func asNRRD(b body, encoding string, space string, detached bool) folder {
	names := map[volume.Type]string{volume.Uint8: "uchar", volume.Int16: "short", volume.Uint16: "unsigned short", volume.Int32: "int", volume.Uint32: "uint32_t",
		volume.Int64: "long long int", volume.Uint64: "uint64", volume.Float32: "float", volume.Float64: "double"}
	var t strings.Builder
	fmt.Fprintf(&t, "NRRD0005\n# Complete NRRD file format specification at:\n# http://teem.sourceforge.net/nrrd/format.html\ntype: %s\n", names[b.kind])
	sign := [3]float64{1, 1, 1}
	switch space {
	case "right-anterior-superior":
		sign = [3]float64{-1, -1, 1}
	case "LAS":
		sign = [3]float64{1, -1, 1}
	}
	fmt.Fprintf(&t, "dimension: 4\nspace: %s\nsizes: %d %d %d %d\nspace directions:", space, b.size[0], b.size[1], b.size[2], b.volumes)
	for axis := range 3 {
		fmt.Fprintf(&t, " (%v,%v,%v)", sign[0]*b.affine[0][axis], sign[1]*b.affine[1][axis], sign[2]*b.affine[2][axis])
	}
	fmt.Fprintf(&t, " none\nkinds: domain domain domain list\nendian: %s\nencoding: %s\n", map[bool]string{true: "big", false: "little"}[b.order.String() == "BigEndian"], encoding)
	fmt.Fprintf(&t, "space origin: (%v, %v, %v)\nmodality:=MR\n", sign[0]*b.affine[0][3], sign[1]*b.affine[1][3], sign[2]*b.affine[2][3])
	data := b.bytes()
	switch encoding {
	case "gzip":
		data = gzipped(data)
	case "ascii":
		data = []byte(strings.Trim(fmt.Sprint(b.values()), "[]"))
	case "hex":
		data = []byte(hex.EncodeToString(data))
	}
	if detached {
		return folder{"v.nhdr": []byte(t.String() + "data file: v.raw\n"), "v.raw": data}
	}
	return folder{"v.nrrd": append([]byte(t.String()+"\n"), data...)}
}

func gzipped(data []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(data)
	w.Close()
	return b.Bytes()
}

func asMetaImage(b body, compressed, local, text bool) folder {
	names := map[volume.Type]string{volume.Uint8: "MET_UCHAR", volume.Int16: "MET_SHORT", volume.Uint16: "MET_USHORT", volume.Int32: "MET_INT", volume.Uint32: "MET_UINT",
		volume.Int64: "MET_LONG_LONG", volume.Uint64: "MET_ULONG_LONG", volume.Float32: "MET_FLOAT", volume.Float64: "MET_DOUBLE"}
	var t strings.Builder
	big := b.order.String() == "BigEndian"
	fmt.Fprintf(&t, "ObjectType = Image\nNDims = 4\nBinaryData = %s\nBinaryDataByteOrderMSB = %s\nCompressedData = %s\nTransformMatrix =",
		title(!text), title(big), title(compressed))
	for axis := range 4 {
		for i := range 4 {
			v := 0.0
			switch {
			case axis < 3 && i < 3:
				v = b.affine[i][axis] / b.step(axis)
			case axis == i:
				v = 1
			}
			fmt.Fprintf(&t, " %v", v)
		}
	}
	fmt.Fprintf(&t, "\nOffset = %v %v %v 0\nElementSpacing = %v %v %v 1\nDimSize = %d %d %d %d\nElementType = %s\n",
		b.affine[0][3], b.affine[1][3], b.affine[2][3], b.step(0), b.step(1), b.step(2), b.size[0], b.size[1], b.size[2], b.volumes, names[b.kind])
	data := b.bytes()
	if compressed {
		var z bytes.Buffer
		w := zlib.NewWriter(&z)
		w.Write(data)
		w.Close()
		data = z.Bytes()
	}
	if text {
		data = []byte(strings.Trim(fmt.Sprint(b.values()), "[]"))
	}
	if local {
		return folder{"v.mha": append([]byte(t.String()+"ElementDataFile = LOCAL\n"), data...)}
	}
	return folder{"v.mhd": []byte(t.String() + "ElementDataFile = v.zraw\n"), "v.zraw": data}
}

func title(v bool) string {
	if v {
		return "True"
	}
	return "False"
}

// headers are the readers by the extension.
var headers = map[string]func(volume.Source) (*volume.Header, error){
	".nii": nifti.Header, ".hdr": nifti.Header, ".mgh": mgh.Header, ".mgz": mgh.Header, ".nrrd": nrrd.Header, ".nhdr": nrrd.Header, ".mha": metaimage.Header, ".mhd": metaimage.Header,
}

// open reads volume k of the file whose extension has a reader.
func open(t testing.TB, f folder, k int) (*volume.Volume, error) {
	t.Helper()
	return openWith(t, f, k, func(s volume.Source) volume.Source { return s })
}

func openWith(t testing.TB, f folder, k int, how func(volume.Source) volume.Source) (*volume.Volume, error) {
	t.Helper()
	for name := range f {
		if read := headers[filepath.Ext(name)]; read != nil {
			s := how(f.source(name))
			h, err := read(s)
			if err != nil {
				return nil, err
			}
			return volume.Load(t.Context(), s, h, k, 1<<20)
		}
	}
	t.Fatalf("no header among %v", f)
	return nil, nil
}

// affines are ways in which a volume can lie: along the axes in every order and
// direction, and tilted.
func affines() [][3][4]float64 {
	var out [][3][4]float64
	for _, p := range [][3]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
		for flips := range 8 {
			var m [3][4]float64
			for axis := range 3 {
				m[p[axis]][axis] = []float64{0.5, 1.25, 3}[axis]
				if flips>>axis&1 != 0 {
					m[p[axis]][axis] *= -1
				}
			}
			m[0][3], m[1][3], m[2][3] = -20, 31.5, 12
			out = append(out, m)
		}
	}
	c, s := math.Cos(0.3), math.Sin(0.3)
	return append(out, [3][4]float64{{c, -2 * s, 0, 1}, {s, 2 * c, 0, 2}, {0, 0, 3, 3}}, [3][4]float64{{1, 0, 0, 1}, {0, 2 * c, -3 * s, 2}, {0, 2 * s, 3 * c, 3}})
}

// The same volume is the same, whatever kind of file it is in: values, order and
// place.
func TestKindsAgree(t *testing.T) {
	for i, affine := range affines() {
		b := body{[3]int{5, 4, 3}, 2, []volume.Type{volume.Int16, volume.Float32, volume.Uint8, volume.Int32}[i%4],
			[]binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian}[i/4%2], affine}
		for k := range b.volumes {
			want, err := open(t, asNIfTI(b, false), k)
			if err != nil {
				t.Fatal(err)
			}
			for name, f := range map[string]folder{
				"NIfTI pair": asNIfTI(b, true), "NIfTI compressed": {"v.nii": gzipped(asNIfTI(b, false)["v.nii"])}, "pair, compressed pixels": zippedPair(b),
				"MGH": asMGH(b), "MGZ": {"v.mgz": gzipped(asMGH(b)["v.mgh"])},
				"NRRD": asNRRD(b, "raw", "left-posterior-superior", false), "NRRD gzip": asNRRD(b, "gzip", "right-anterior-superior", false),
				"NRRD text": asNRRD(b, "ascii", "LAS", false), "NRRD hex": asNRRD(b, "hex", "LPS", false), "NRRD detached": asNRRD(b, "raw", "right-anterior-superior", true),
				"NRRD detached gzip": asNRRD(b, "gzip", "LAS", true),
				"MetaImage":          asMetaImage(b, false, true, false), "MetaImage compressed": asMetaImage(b, true, true, false),
				"MetaImage detached": asMetaImage(b, false, false, false), "MetaImage detached compressed": asMetaImage(b, true, false, false),
				"MetaImage text": asMetaImage(b, false, true, true),
			} {
				got, err := open(t, f, k)
				if err != nil {
					t.Errorf("%s, %v: %v", name, affine, err)
					continue
				}
				same(t, fmt.Sprintf("%s, volume %d, %v", name, k, affine), got, want)
			}
			for name, f := range map[string]folder{
				"NIfTI": asNIfTI(b, false), "NRRD": asNRRD(b, "raw", "LPS", false), "MetaImage": asMetaImage(b, false, true, false), "MGH": asMGH(b),
			} {
				got, err := openWith(t, f, k, func(s volume.Source) volume.Source { s.Lasting = s.File; return s })
				if err != nil || got.Held() != 0 && b.kind != volume.Int32 {
					t.Fatalf("%s slice by slice: %v, %d bytes are held", name, err, got.Held())
				}
				same(t, name+" slice by slice", got, want)
			}
		}
	}
}

func zippedPair(b body) folder {
	f := asNIfTI(b, true)
	return folder{"v.hdr": f["v.hdr"], "v.img.gz": gzipped(f["v.img"])}
}

func same(t *testing.T, name string, got, want *volume.Volume) {
	t.Helper()
	if got.Width != want.Width || got.Height != want.Height || got.Slices != want.Slices || len(got.Warnings) != 0 {
		t.Fatalf("%s: %+v, want %+v", name, got, want)
	}
	for i := range got.Slices {
		if a, b := values(t, got, i), values(t, want, i); !slices.Equal(a, b) {
			t.Fatalf("%s: slice %d is %v, want %v", name, i, a, b)
		}
		sameWhole(t, name, got, i)
		a, b := got.Geometry(i), want.Geometry(i)
		if !a.Placed || !close3(a.Position, b.Position) || !close3(a.Orientation[0], b.Orientation[0]) || !close3(a.Orientation[1], b.Orientation[1]) ||
			math.Abs(a.Spacing[0]-b.Spacing[0]) > 1e-5 || math.Abs(a.Thickness-b.Thickness) > 1e-5 {
			t.Fatalf("%s: slice %d lies at %+v, want %+v", name, i, a, b)
		}
	}
}

func values(t *testing.T, v *volume.Volume, i int) []float32 {
	t.Helper()
	all, err := v.Values(i)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// sameWhole compares a slice as whole numbers with its values.
func sameWhole(t *testing.T, name string, v *volume.Volume, i int) {
	t.Helper()
	whole := make([]int16, v.Width*v.Height)
	if ok, err := v.Whole(i, whole); err != nil || !ok {
		if err != nil {
			t.Fatal(err)
		}
		return
	}
	for k, want := range values(t, v, i) {
		if float32(whole[k]) != want {
			t.Fatalf("%s: slice %d has %d as a whole number for %v", name, i, whole[k], want)
		}
	}
}

// Whole numbers are given where they fit into 16 bits, rescaled ones too.
func TestWholeNumbers(t *testing.T) {
	for name, c := range map[string]struct {
		kind, values string
		want         []int16 // nil: they are none
	}{
		"bytes":    {"uchar", "\x01\xff", []int16{1, 255}},
		"signed":   {"signed char", "\x01\xff", []int16{1, -1}},
		"words":    {"short", "\x01\x00\xff\xff", []int16{1, -1}},
		"unsigned": {"ushort", "\x01\x00\xff\x7f", []int16{1, 32767}},
		"large":    {"ushort", "\x01\x00\xff\xff", nil},
		"long":     {"int", "\x01\x00\x00\x00\x02\x00\x00\x00", nil},
		"real":     {"float", "\x00\x00\x80\x3f\x00\x00\x80\x3f", nil},
	} {
		head := "NRRD0004\ntype: " + c.kind + "\nencoding: raw\nendian: little\ndimension: 3\nsizes: 2 1 1\n\n"
		v, err := open(t, folder{"v.nrrd": []byte(head + c.values)}, 0)
		if err != nil {
			t.Fatal(err)
		}
		got := make([]int16, 2)
		if ok, err := v.Whole(0, got); err != nil || ok != (c.want != nil) || ok && !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, %v, %v; want %v", name, got, ok, err, c.want)
		}
	}
}

// A file that has become shorter since is told of, and not made up.
func TestAFileThatHasChanged(t *testing.T) {
	data := []byte("NRRD0004\ntype: uchar\nencoding: raw\ndimension: 3\nsizes: 2 1 2\n\n\x01\x02\x03\x04")
	v, err := openWith(t, folder{"v.nrrd": data}, 0, func(s volume.Source) volume.Source {
		s.Lasting = bytes.NewReader(data[:len(data)-1])
		return s
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := values(t, v, 0); !slices.Equal(got, []float32{1, 2}) {
		t.Error(got)
	}
	var told *volume.Error
	if _, err := v.Values(1); !errors.As(err, &told) || !strings.Contains(err.Error(), "changed since it was opened") {
		t.Error(err)
	}
}

func close3(a, b [3]float64) bool {
	for i := range a {
		if math.Abs(a[i]-b[i]) > 1e-4 {
			return false
		}
	}
	return true
}

// Every type of number, in both byte orders.
func TestTypes(t *testing.T) {
	affine := affines()[6] // to the left and back: nothing is turned
	for _, kind := range []volume.Type{volume.Uint8, volume.Uint16, volume.Int16, volume.Uint32, volume.Int32, volume.Uint64, volume.Int64, volume.Float32, volume.Float64} {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			b := body{[3]int{3, 2, 2}, 1, kind, order, affine}
			b.affine = [3][4]float64{{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}}
			for name, f := range map[string]folder{"NIfTI": asNIfTI(b, false), "NRRD": asNRRD(b, "raw", "LPS", false), "NRRD text": asNRRD(b, "ascii", "LPS", false),
				"MetaImage": asMetaImage(b, true, false, false)} {
				v, err := open(t, f, 0)
				if err != nil {
					t.Errorf("%s of type %d: %v", name, kind, err)
					continue
				}
				all := append(values(t, v, 0), values(t, v, 1)...)
				for i, want := range b.values() {
					if all[i] != float32(want) {
						t.Fatalf("%s of type %d: value %d is %v, want %v", name, kind, i, all[i], want)
					}
				}
			}
		}
	}
}

// Whole numbers of 64 bits are read where a float of 32 bits keeps them.
func TestLongNumbers(t *testing.T) {
	for v, kept := range map[int64]bool{0: true, -1: true, 1 << 24: true, 1<<24 + 1: false, 1 << 40: true, 1<<40 + 1: false, math.MaxInt64: false, math.MinInt64 + 1: false} {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			b := body{[3]int{1, 1, 1}, 1, volume.Int64, order, affines()[0]}
			f := asNIfTI(b, false)
			f["v.nii"] = order.AppendUint64(f["v.nii"][:352], uint64(v))
			got, err := open(t, f, 0)
			switch {
			case kept && (err != nil || int64(values(t, got, 0)[0]) != v):
				t.Errorf("%d: %v, %v", v, got, err)
			case !kept && (!errors.Is(err, volume.ErrUnsupported) || !strings.Contains(err.Error(), fmt.Sprint(v))):
				t.Errorf("%d: %v", v, err)
			}
		}
	}
}

// Elements of several volumes that alternate, colours, and lists of files.
func TestLayouts(t *testing.T) {
	pixels := []byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
	list := func(text string) folder {
		return folder{"v.nhdr": []byte(text), "a1.raw": pixels[:6], "a2.raw": pixels[6:]}
	}
	nrrdHead := "NRRD0004\ntype: uchar\nencoding: raw\n"
	metaHead := "ObjectType = Image\nNDims = 3\nDimSize = 2 3 2\nElementType = MET_UCHAR\nElementDataFile = "
	for name, c := range map[string]struct {
		files  folder
		k      int
		values []float32
	}{
		"vectors first":    {folder{"v.nrrd": append([]byte(nrrdHead+"dimension: 3\nsizes: 3 2 2\nkinds: vector domain domain\n\n"), pixels...)}, 1, []float32{2, 5, 8, 11}},
		"colours first":    {folder{"v.nrrd": append([]byte(nrrdHead+"dimension: 3\nsizes: 3 2 2\nkinds: RGB-color domain domain\n\n"), pixels...)}, 0, []float32{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}},
		"colours last":     {folder{"v.nrrd": append([]byte(nrrdHead+"dimension: 3\nsizes: 2 2 3\nkinds: domain domain 3-color\n\n"), pixels...)}, 0, []float32{1, 5, 9, 2, 6, 10, 3, 7, 11, 4, 8, 12}},
		"volumes last":     {folder{"v.nrrd": append([]byte(nrrdHead+"dimension: 4\nsizes: 2 1 2 3\n\n"), pixels...)}, 2, []float32{9, 10, 11, 12}},
		"NRRD list":        {list(nrrdHead + "dimension: 3\nsizes: 2 3 2\ndata file: LIST\na1.raw\na2.raw\n"), 0, []float32{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}},
		"NRRD numbers":     {list(nrrdHead + "dimension: 3\nsizes: 2 3 2\ndata file: a%d.raw 1 2 1\n"), 0, []float32{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}},
		"NRRD bytes skip":  {folder{"v.nhdr": []byte(nrrdHead + "dimension: 3\nsizes: 2 2 2\nbyte skip: 4\ndata file: p\n"), "p": pixels}, 0, []float32{5, 6, 7, 8, 9, 10, 11, 12}},
		"NRRD at the end":  {folder{"v.nhdr": []byte(nrrdHead + "dimension: 3\nsizes: 2 2 1\nbyte skip: -1\ndata file: p\n"), "p": pixels}, 0, []float32{9, 10, 11, 12}},
		"MetaImage list":   {folder{"v.mhd": []byte(metaHead + "LIST\na1.raw\na2.raw\n"), "a1.raw": pixels[:6], "a2.raw": pixels[6:]}, 0, []float32{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}},
		"MetaImage number": {folder{"v.mhd": []byte(metaHead + "a%01d.raw 1 2 1\n"), "a1.raw": pixels[:6], "a2.raw": pixels[6:]}, 0, []float32{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}},
		"MetaImage colour": {folder{"v.mha": append([]byte("NDims = 2\nDimSize = 2 2\nElementNumberOfChannels = 3\nElementType = MET_UCHAR\nElementDataFile = LOCAL\n"), pixels...)}, 0, []float32{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}},
		"MetaImage vector": {folder{"v.mha": append([]byte("NDims = 2\nDimSize = 3 2\nElementNumberOfChannels = 2\nElementType = MET_UCHAR\nElementDataFile = LOCAL\n"), pixels...)}, 1, []float32{2, 4, 6, 8, 10, 12}},
		"MetaImage slice":  {folder{"v.mhd": []byte(strings.Replace(metaHead, "2 3 2", "2 2 1", 1) + "p\n"), "p": pixels}, 0, []float32{1, 2, 3, 4}},
		"HeaderSize -1": {folder{"v.mhd": []byte("ObjectType = Image\nHeaderSize = -1\n" + strings.TrimPrefix(metaHead, "ObjectType = Image\n") + "p\n"), "p": append([]byte{9, 9}, pixels...)},
			0, []float32{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := open(t, c.files, c.k)
			if err != nil {
				t.Fatal(err)
			}
			var got []float32
			for i := range v.Slices {
				got = append(got, values(t, v, i)...)
			}
			if !slices.Equal(got, c.values) {
				t.Errorf("%v, want %v", got, c.values)
			}
		})
	}
}

// bzip2 has no writer in the standard library: 0…7 as bytes.
const bzipped = "425a6839314159265359b53523ed00000040007f802000310c08191a69933573f945dc914e14242d4d48fb40"

func TestBzip2(t *testing.T) {
	data, err := hex.DecodeString(bzipped)
	if err != nil {
		t.Fatal(err)
	}
	v, err := open(t, folder{"v.nrrd": append([]byte("NRRD0004\ntype: uchar\nencoding: bzip2\ndimension: 3\nsizes: 2 2 2\n\n"), data...)}, 0)
	if err != nil || !slices.Equal(values(t, v, 1), []float32{4, 5, 6, 7}) {
		t.Errorf("%v, %v", v, err)
	}
}

func TestDamagedFilesAreRefusedInWords(t *testing.T) {
	nrrdHead := "NRRD0004\ntype: short\nencoding: raw\nendian: little\n"
	meta := "ObjectType = Image\nNDims = 3\nDimSize = 2 2 2\nElementType = MET_SHORT\n"
	b := body{[3]int{2, 2, 2}, 1, volume.Int16, binary.LittleEndian, affines()[0]}
	for name, c := range map[string]struct {
		files folder
		kind  error
		says  string
	}{
		"NRRD without sizes":       {folder{"v.nrrd": []byte(nrrdHead + "dimension: 3\n\n")}, volume.ErrDamaged, "0 sizes"},
		"NRRD of blocks":           {folder{"v.nrrd": []byte("NRRD0001\ntype: block\ndimension: 2\nsizes: 2 2\nencoding: raw\n\n")}, volume.ErrUnsupported, "block"},
		"NRRD packed strangely":    {folder{"v.nrrd": []byte("NRRD0001\ntype: short\ndimension: 2\nsizes: 2 2\nencoding: zrl\n\n")}, volume.ErrUnsupported, "zrl"},
		"NRRD without encoding":    {folder{"v.nrrd": []byte("NRRD0001\ntype: short\ndimension: 2\nsizes: 2 2\n\n")}, volume.ErrDamaged, "how its numbers are written"},
		"NRRD with five axes":      {folder{"v.nrrd": []byte(nrrdHead + "dimension: 5\nsizes: 2 2 2 2 2\n\n")}, volume.ErrUnsupported, "more axes"},
		"NRRD too large":           {folder{"v.nrrd": []byte(nrrdHead + "dimension: 3\nsizes: 16777216 16777216 16777216\n\n")}, volume.ErrTooLarge, "larger"},
		"NRRD of one line":         {folder{"v.nrrd": []byte(nrrdHead + "dimension: 2\nsizes: 2 2\nkinds: domain vector\n\n")}, volume.ErrUnsupported, "two axes"},
		"NRRD without its file":    {folder{"v.nhdr": []byte(nrrdHead + "dimension: 2\nsizes: 2 2\ndata file: gone.raw\n")}, volume.ErrMissing, "gone.raw"},
		"NRRD outside":             {folder{"v.nhdr": []byte(nrrdHead + "dimension: 2\nsizes: 2 2\ndata file: ../../etc/passwd\n")}, volume.ErrUnsupported, "outside of its folder"},
		"NRRD of a device":         {folder{"v.nhdr": []byte(nrrdHead + "dimension: 2\nsizes: 2 2\ndata file: /dev/zero\n")}, volume.ErrUnsupported, "outside of its folder"},
		"NRRD cut":                 {folder{"v.nrrd": []byte(nrrdHead + "dimension: 3\nsizes: 2 2 2\n\nabc")}, volume.ErrDamaged, "ends before its first slice"},
		"NRRD numbers too large":   {folder{"v.nrrd": []byte(strings.Replace(nrrdHead, "raw", "ascii", 1) + "dimension: 2\nsizes: 2 2\n\n1 2 3 70000")}, volume.ErrDamaged, "70000"},
		"NRRD fractions":           {folder{"v.nrrd": []byte(strings.Replace(nrrdHead, "raw", "ascii", 1) + "dimension: 2\nsizes: 2 2\n\n1 2 3.5 4")}, volume.ErrDamaged, "3.5"},
		"NRRD words":               {folder{"v.nrrd": []byte(strings.Replace(nrrdHead, "raw", "ascii", 1) + "dimension: 2\nsizes: 2 2\n\n1 2 three 4")}, volume.ErrDamaged, "three"},
		"NRRD bad direction":       {folder{"v.nrrd": []byte(nrrdHead + "dimension: 2\nsizes: 2 2\nspace: LPS\nspace directions: (1,x,0) none\n\n")}, volume.ErrDamaged, "direction"},
		"MetaImage of a tube":      {folder{"v.mha": []byte("ObjectType = Tube\nNDims = 3\nElementDataFile = LOCAL\n")}, volume.ErrUnsupported, "Tube"},
		"MetaImage without data":   {folder{"v.mha": []byte(meta)}, volume.ErrDamaged, "does not say where"},
		"MetaImage without type":   {folder{"v.mha": []byte("ObjectType = Image\nNDims = 2\nDimSize = 2 2\nElementDataFile = LOCAL\n")}, volume.ErrUnsupported, "not read"},
		"MetaImage without size":   {folder{"v.mha": []byte("ObjectType = Image\nNDims = 2\nElementType = MET_SHORT\nElementDataFile = LOCAL\n")}, volume.ErrDamaged, "size"},
		"MetaImage bad spacing":    {folder{"v.mha": []byte(meta + "ElementSpacing = 1 x 1\nElementDataFile = LOCAL\n")}, volume.ErrDamaged, "ElementSpacing"},
		"MetaImage missing file":   {folder{"v.mhd": []byte(meta + "ElementDataFile = v.raw\n")}, volume.ErrMissing, "put both files into one folder"},
		"MetaImage bad numbers":    {folder{"v.mhd": []byte(meta + "ElementDataFile = a%s.raw 1 2 1\n")}, volume.ErrDamaged, "numbers the files"},
		"MetaImage many numbers":   {folder{"v.mhd": []byte(meta + "ElementDataFile = a%d.raw 1 1000000000 1\n")}, volume.ErrDamaged, "numbers the files"},
		"FreeSurfer surface":       {folder{"v.mgh": asMGH(body{[3]int{9, 1, 1}, 1, volume.Float32, binary.BigEndian, affines()[0]})["v.mgh"]}, volume.ErrUnsupported, "surface"},
		"NIfTI pair without img":   {folder{"v.hdr": asNIfTI(b, true)["v.hdr"]}, volume.ErrMissing, "v.img"},
		"volume that is not there": {asNIfTI(b, false), volume.ErrMissing, "has no volume 1"},
	} {
		k := 0
		if name == "volume that is not there" {
			k = 1
		}
		_, err := open(t, c.files, k)
		var e *volume.Error
		if !errors.As(err, &e) || !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) || e.Remedy == "" {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
}

// A declared size that the compressed bytes cannot hold is refused before anything
// is allocated, and so is one beyond what is allowed.
func TestDeclaredSizes(t *testing.T) {
	b := body{[3]int{4, 4, 4}, 1, volume.Int16, binary.LittleEndian, affines()[0]}
	data := asNIfTI(b, false)["v.nii"]
	for i := range 3 {
		binary.LittleEndian.PutUint16(data[42+2*i:], 2048)
	}
	s := folder{"v.nii": gzipped(data)}.source("v.nii")
	h, err := nifti.Header(s)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := volume.Load(t.Context(), s, h, 0, 1<<30); !errors.Is(err, volume.ErrTooLarge) {
		t.Errorf("16 GB: %v", err)
	}
	allocated := testing.AllocsPerRun(1, func() {
		if _, err := volume.Load(t.Context(), s, h, 0, 1<<40); !errors.Is(err, volume.ErrDamaged) {
			t.Errorf("16 GB in some bytes: %v", err)
		}
	})
	t.Logf("%v allocations", allocated)
}

func FuzzKinds(f *testing.F) {
	b := body{[3]int{3, 2, 2}, 2, volume.Int16, binary.LittleEndian, affines()[3]}
	for i, files := range []folder{asNIfTI(b, false), asMGH(b), asNRRD(b, "raw", "LPS", false), asNRRD(b, "ascii", "LPS", false), asNRRD(b, "gzip", "LPS", false), asMetaImage(b, true, true, false), asMetaImage(b, false, true, true)} {
		for _, data := range files {
			f.Add(data, i%2)
		}
	}
	f.Add([]byte("ObjectType = Image\nNDims = 3\nDimSize = 2 2 2\nElementType = MET_UCHAR\nElementDataFile = LIST\nbeside\nbeside\n"), 0)
	f.Add([]byte("NRRD0004\ntype: uchar\nencoding: hex\ndimension: 2\nsizes: 2 2\ndata file: b%d 0 3 1\n"), 0)
	f.Fuzz(func(t *testing.T, data []byte, k int) {
		for _, read := range []func(volume.Source) (*volume.Header, error){nifti.Header, mgh.Header, nrrd.Header, metaimage.Header} {
			s := folder{"v": data, "beside": data, "v.img": data}.source("v")
			h, err := read(s)
			if err != nil {
				continue
			}
			v, err := volume.Load(t.Context(), s, h, k, 1<<20)
			if err != nil {
				continue
			}
			for i := range min(v.Slices, 3) {
				if n := len(values(t, v, i)); n != v.Width*v.Height*v.Channels {
					t.Fatalf("%d values of %d×%d×%d", n, v.Width, v.Height, v.Channels)
				}
				v.Geometry(i)
			}
		}
	})
}
