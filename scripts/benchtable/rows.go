package main

import "fmt"

// row is one thing that is to be reached (docs/performance.md).
type row struct {
	work    string
	goal    float64
	least   bool   // the goal is the least; else it is the most
	measure string // "ms" and the like; "" for ratios
	// benchmark and unit name the figure, without "Benchmark". Of several benchmarks
	// that fit the pattern the worst counts.
	benchmark, unit string
	elsewhere       string // how it is measured where no benchmark does
}

func (r row) reached(v float64) bool {
	if r.least {
		return v >= r.goal
	}
	return v <= r.goal
}

func (r row) wanted() string {
	sign := "≤"
	if r.least {
		sign = "≥"
	}
	text := fmt.Sprintf("%s %.4g", sign, r.goal)
	if r.measure != "" {
		text += " " + r.measure
	}
	return text
}

const (
	peers = "make bench-peers (needs torch, torchvision, captum)"
	soak  = "make soak SOAK=2m"
	many  = "go test ./ui/report/digest -run '^$' -bench ManyRows -benchtime 1x"
)

var rows = []row{
	{work: "first gradient of a model that was just opened, ResNet-50", goal: 450, measure: "ms", benchmark: "FirstGradient/resnet50", unit: "ms-first"},
	{work: "the same, SqueezeNet", goal: 150, measure: "ms", benchmark: "FirstGradient/squeezenet", unit: "ms-first"},
	{work: "gradient ÷ prediction, processor time, SqueezeNet", goal: 3.2, benchmark: "Gradient/squeezenet", unit: "gradient/predict-cpu"},
	{work: "the same, MobileNetV2", goal: 3.2, benchmark: "Gradient/mobilenetv2", unit: "gradient/predict-cpu"},
	{work: "the same, ResNet-50", goal: 2.5, benchmark: "Gradient/resnet50", unit: "gradient/predict-cpu"},
	{work: "the same, ResNet-18", goal: 2.3, benchmark: "Gradient/resnet18", unit: "gradient/predict-cpu"},
	{work: "the same, VGG-16", goal: 2.3, benchmark: "Gradient/vgg16", unit: "gradient/predict-cpu"},
	{work: "gradients of five classes ÷ five runs, the worst network", goal: 0.5, benchmark: "Gradient/*", unit: "top5/5-runs-cpu"},
	{work: "predictions with gradients open ÷ without, the worst network", goal: 1.3, benchmark: "Gradient/*", unit: "opened/plain-cpu"},
	{work: "Captum ÷ ours: integrated gradients, SmoothGrad", goal: 1.2, least: true, elsewhere: peers},
	{work: "Captum ÷ ours: the first saliency, Grad-CAM, guided", goal: 1, least: true, elsewhere: peers},
	{work: "plain ÷ incremental occlusion, window 32, stride 16, VGG-16", goal: 4.5, least: true, benchmark: "Ways/vgg16/window=32/stride=16", unit: "x-incremental"},
	{work: "the same, ResNet-50", goal: 1.9, least: true, benchmark: "Ways/resnet50/window=32/stride=16", unit: "x-incremental"},
	{work: "the same, MobileNetV2", goal: 2.3, least: true, benchmark: "Ways/mobilenetv2/window=32/stride=16", unit: "x-incremental"},
	{work: "the same, SqueezeNet", goal: 2.2, least: true, benchmark: "Ways/squeezenet/window=32/stride=16", unit: "x-incremental"},
	{work: "a single occlusion map, auto ÷ plain, the worst well-known network", goal: 1.05, benchmark: "Auto/zoo/*", unit: "auto/plain-cpu"},
	{work: "how much longer auto takes for a single map of a network that needs less than 0.3 s, the worst", goal: 20, measure: "ms", benchmark: "Auto/small/*", unit: "lost-ms"},
	{work: "adaptive map, most important tenth, overlap of the worst photograph at any stride", goal: 0.8, least: true, benchmark: "Adaptive/*/*", unit: "least-overlap"},
	{work: "plain occlusion ÷ the bare session", goal: 1.15, benchmark: "OcclusionOverBareSession", unit: "x-bare"},
	{work: "first overlay after this part of the time, plain", goal: 0.1, benchmark: "OcclusionOverBareSession", unit: "first-share"},
	{work: "slider to first changed overlay, half of the moves", goal: 120, measure: "ms", elsewhere: soak},
	{work: "the same, nine of ten", goal: 200, measure: "ms", elsewhere: soak},
	{work: "memory of a window with SqueezeNet at work", goal: 500, measure: "MB", elsewhere: soak},
	{work: "the same at rest", goal: 400, measure: "MB", elsewhere: soak},
	{work: "memory for 1024 × 1024 with a fully convolutional SqueezeNet", goal: 1000, measure: "MB", benchmark: "LargePicture", unit: "MB-peak"},
	{work: "2,000 pictures in the list: how often the model is asked about each", goal: 1.1, benchmark: "ThousandPictures", unit: "asked/picture"},
	{work: "the same, processor time of each", goal: 60, measure: "ms", benchmark: "ThousandPictures", unit: "cpu-ms/picture"},
	{work: "predictions of 1,000 JPEGs ÷ the bare session, SqueezeNet", goal: 1.15, benchmark: "PredictFolder/squeezenet", unit: "x-bare"},
	{work: "the same, ResNet-18, 200 JPEGs", goal: 1.15, benchmark: "PredictFolder/resnet18", unit: "x-bare"},
	{work: "the same, ResNet-50, 200 JPEGs", goal: 1.15, benchmark: "PredictFolder/resnet50", unit: "x-bare"},
	{work: "JPEG to red, green, blue ÷ Go's decoder to its planes", goal: 1.3, benchmark: "JPEG", unit: "÷Go's-planes"},
	{work: "first opening ÷ later one in the window, SqueezeNet", goal: 1.3, benchmark: "FirstOpening/squeezenet/window", unit: "first/later"},
	{work: "the same, ResNet-18", goal: 1.3, benchmark: "FirstOpening/resnet18/window", unit: "first/later"},
	{work: "the same, ResNet-50", goal: 1.3, benchmark: "FirstOpening/resnet50/window", unit: "first/later"},
	{work: "the same, VGG-16", goal: 1.3, benchmark: "FirstOpening/vgg16/window", unit: "first/later"},
	{work: "opening VGG-16 ÷ ONNX Runtime by path, session", goal: 0.25, benchmark: "Open", unit: "session/path"},
	{work: "a 512 × 512 overlay drawn again, the slowest", goal: 10, measure: "ms", benchmark: "Overlay512/*", unit: "ms/redraw"},
	{work: "audit: a row ÷ the answer and the map alone", goal: 1.1, benchmark: "Rows", unit: "rows/maps"},
	{work: "audit: 600 rows from files ÷ as many gradients, processor time, SqueezeNet", goal: 1.2, benchmark: "AuditFolder", unit: "audit/gradients"},
	{work: "audit: pictures a second by two shards ÷ by one, each a process with one thread", goal: 1.7, least: true, benchmark: "Shards", unit: "two/one"},
	{work: "the same by processor time, whatever else runs", goal: 1.7, least: true, benchmark: "Shards", unit: "cpu-two/one"},
	{work: "audit: Go's memory while 100,000 rows are read, analysed and written", goal: 300, measure: "MB", elsewhere: many},
	{work: "audit: analysis of 1,000 maps of one class", goal: 2000, measure: "ms", benchmark: "Analysis/1000", unit: "ms-wall"},
}
