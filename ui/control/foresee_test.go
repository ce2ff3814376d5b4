package control

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"picasso/backend/score"
)

// foresighted is a model that counts how often it makes ready for gradients.
type foresighted struct {
	*plainModel
	begun, ended atomic.Int32
	takes        time.Duration
}

func (f *foresighted) Foresee(ctx context.Context, _ score.Target) error {
	f.begun.Add(1)
	if err := wait(ctx, f.takes); err != nil {
		return err
	}
	f.ended.Add(1)
	return nil
}

// foreseeing is a desk whose models are foresighted.
func foreseeing(t *testing.T) (*desk, func() *foresighted) {
	d := newDesk(t)
	var latest *foresighted
	open := d.openModel
	d.openModel = func(ctx context.Context, path string, opt OpenOptions, stage func(string)) (Model, error) {
		m, err := open(ctx, path, opt, stage)
		if err != nil {
			return nil, err
		}
		latest = &foresighted{plainModel: m.(*plainModel), takes: 100 * time.Millisecond}
		return latest, nil
	}
	return d, func() *foresighted { return latest }
}

// A model makes ready for gradients once its first map is there and nothing else is
// asked of it, and once only.
func TestAModelMakesReadyForGradients(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, model := foreseeing(t)
		defer d.Close()
		d.opened()
		d.q.pass(2 * time.Second) // four steps of one second make a map
		if n := model().begun.Load(); n != 0 {
			t.Fatalf("it makes ready %d times before its first map", n)
		}
		d.q.pass(10 * time.Second)
		if n := model().ended.Load(); n != 1 {
			t.Fatalf("it made ready %d times", n)
		}
		d.AddPicture(grey("black", 20))
		d.q.pass(20 * time.Second)
		if n := model().begun.Load(); n != 1 {
			t.Errorf("with the next picture it made ready %d times", n)
		}
		d.Open("n.onnx")
		d.q.pass(20 * time.Second)
		if n := model().ended.Load(); n != 1 {
			t.Errorf("the next model made ready %d times", n)
		}
	})
}

// What the user asks for comes first: making ready begins anew after it.
func TestMakingReadyGivesWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, model := foreseeing(t)
		defer d.Close()
		d.opened()
		d.q.pass(4*time.Second + quiet/2)
		if d.State().Panel().Result == nil || !d.foreseeing.Running() {
			t.Fatal("the map is not there, or nothing waits to make ready")
		}
		if err := d.SetValue(0, "steps", 2); err != nil {
			t.Fatal(err)
		}
		d.q.pass(150 * time.Millisecond) // the pause before the run
		if d.foreseeing.Running() {
			t.Error("it makes ready while a map is asked for")
		}
		d.q.pass(10 * time.Second)
		if n := model().ended.Load(); n != 1 {
			t.Errorf("it made ready %d times", n)
		}
	})
}
