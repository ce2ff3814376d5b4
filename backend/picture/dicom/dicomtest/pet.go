package dicomtest

import "fmt"

// PET is a slice, counted from 0, of one of several phases of a PET series of
// 8×8 pixels in Bq/ml, of 50 kg and 50 MBq: values are 1000·(10·phase + slice),
// and uptake values by weight 10·phase + slice. More elements change it.
func PET(phase, slice int, more ...Element) []byte {
	values := make([]int16, 64)
	for i := range values {
		values[i] = int16(1000 * (10*phase + slice))
	}
	return File(Grey(8, 8, values), []Element{
		Text(0x0020000e, "UI", "2.25.9"), Text(0x00200013, "IS", fmt.Sprint(100*phase+slice)), Text(0x00200032, "DS", fmt.Sprintf(`0\0\%d`, 4*slice)),
		Text(0x00200037, "DS", `1\0\0\0\1\0`), Text(0x00280030, "DS", `4\4`), Text(0x00200100, "IS", fmt.Sprint(1+phase)), Text(0x00080060, "CS", "PT"),
		Text(0x00101030, "DS", "50"), Text(0x00280051, "CS", `ATTN\DECY`), Text(0x00541001, "CS", "BQML"), Text(0x00541102, "CS", "ADMIN"),
		Sequence(0x00540016, []Element{Text(0x00181074, "DS", "5e7")}),
	}, more)
}
