package dicom

import "strings"

// unitOf is a unit of the standard in the words of its field: a rescale type
// (PS3.3 C.11.1.1.2) or a unit of PET (C.8.9.1.1.3). Others, and free text,
// give none: who knows what it tells.
func unitOf(s string) string {
	switch strings.ToUpper(s) {
	case "HU":
		return "HU"
	case "HU_MOD":
		return "HU (modified)"
	case "OD":
		return "OD/1000"
	case "MGML":
		return "mg/ml"
	case "Z_EFF":
		return "effective Z"
	case "ED":
		return "10²³ electrons/ml"
	case "EDW":
		return "electron density / water"
	case "PCT", "PCNT":
		return "%"
	case "GY":
		return "Gy"
	case "RELATIVE":
		return "relative dose"
	case "CNTS":
		return unitCounts
	case "CPS":
		return "counts/s"
	case "PROPCNTS":
		return "∝ counts"
	case "PROPCPS":
		return "∝ counts/s"
	case "BQML":
		return unitActivity
	case "GML":
		return unitSUV
	case "CM2ML":
		return "cm²/ml"
	case "MLML":
		return "ml/ml"
	case "MLMING":
		return "ml/min/g"
	case "MGMINML":
		return "mg/min/ml"
	case "UMOLMINML":
		return "µmol/min/ml"
	case "UMOLML":
		return "µmol/ml"
	case "STDDEV":
		return "standard deviations"
	case "HZ":
		return "Hz"
	case "MS", "MILLISECONDS":
		return "ms"
	case "PPM":
		return "ppm"
	}
	return ""
}

// Units of PET.
const (
	unitActivity = "Bq/ml"
	unitCounts   = "counts"
	unitSUV      = "SUVbw"
)

// modalities are the defined terms of (0008,0060), those retired included
// (PS3.3 C.7.3.1.1.1).
const modalities = " AR ASMT AU BDUS BI BMD CR CT CTPROTOCOL DG DMS DOC DX ECG EPS ES FID GM HC HD IO IOL IVOCT IVUS KER KO LEN LS " +
	"M3D MG MR NM OAM OCT OP OPM OPT OPTBSV OPTENF OPV OSS OT PA PLAN PLANOPR POS PR PT PX REG RESP RF RG RTDOSE RTIMAGE RTINTENT RTPLAN " +
	"RTRAD RTRECORD RTSEGANN RTSTRUCT RWV SEG SM SMR SR SRF STAIN TEXTUREMAP TG US VA XA XAPROTOCOL XC " +
	"AS CD CF CP CS DD DF DM DS EC FA FS LP MA MS OPR ST VF "

// kindOf is the modality of a file, "" for one that the standard does not have.
func (d *dataset) kindOf() string {
	m := strings.ToUpper(d.text(tagModality))
	if m == "" || strings.Contains(m, " ") || !strings.Contains(modalities, " "+m+" ") {
		return ""
	}
	return m
}
