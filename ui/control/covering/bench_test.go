package covering

import (
	"testing"
	"time"

	"picasso/backend"
	"picasso/backend/fixtures"
	"picasso/backend/ort/orttest"
	"picasso/ui/control"
	"picasso/ui/control/opened"
	"picasso/ui/uitest"
)

// BenchmarkPainting draws a stroke over a photo as a hand does, 60 pieces a second for
// two seconds, and counts the answers of SqueezeNet that were shown meanwhile.
func BenchmarkPainting(b *testing.B) {
	model, photo := fixtures.Path(b, "models", "imagenet", "squeezenet1.1_rgbnorm_227.onnx"), fixtures.Path(b, "photos", "files", "macaw_portrait.jpg")
	q := uitest.NewQueue()
	d := uitest.NewDesk(b)
	c := control.New(control.Params{Open: opened.With(orttest.Runtime(b), backend.ModelOptions{Provider: "cpu"}), Visualizers: d.Visualizers(), Do: q.Do})
	defer c.Close()
	k := New(c)
	c.Drop([]string{model, photo})
	q.Until(b, "the picture", func() bool { return c.State().Look.Answered() })
	k.Open(true)
	m := c.State().Look.Image
	for b.Loop() {
		const pieces, pace = 120, time.Second / 60
		answers, shown := 0, 0
		begin := time.Now()
		from := [2]float64{0.1 * float64(m.Width), 0.5 * float64(m.Height)}
		for i := range pieces {
			to := [2]float64{(0.1 + 0.8*float64(i)/pieces) * float64(m.Width), 0.5 * float64(m.Height)}
			k.Stroke(from, to, Tip{Across: 0.05 * float64(m.Width), Down: 0.05 * float64(m.Width), Soft: true})
			from = to
			for next := time.After(time.Until(begin.Add(time.Duration(i) * pace))); next != nil; {
				select {
				case f := <-q.Due():
					f()
					if k.answered != shown {
						shown = k.answered
						answers++
					}
				case <-next:
					next = nil
				}
			}
		}
		b.ReportMetric(float64(answers)/time.Since(begin).Seconds(), "answers/s")
		k.UncoverAll()
	}
}
