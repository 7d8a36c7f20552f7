package scheduler

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"benchcell/internal/bench"
)

// parse reads "m1 t2 b3/2:x": a measured run 1, a test 2, a test 3 of batch x
// that runs two at a time.
func parse(text string) (list []bench.Waiting) {
	for word := range strings.FieldsSeq(text) {
		w := bench.Waiting{ID: word[1:], Measured: word[0] == 'm'}
		if id, rest, ok := strings.Cut(w.ID, "/"); ok {
			w.ID = id
			if _, err := fmt.Sscanf(rest, "%d:%s", &w.Parallel, &w.Batch); err != nil {
				panic(err)
			}
		}
		list = append(list, w)
	}
	return list
}

func ids(list []bench.Waiting) string {
	var words []string
	for _, w := range list {
		words = append(words, w.ID)
	}
	return strings.Join(words, " ")
}

func TestPlan(t *testing.T) {
	for _, c := range []struct {
		name, waiting, running string
		capacity               int
		want                   string
	}{
		{"nothing", "", "", 4, ""},
		{"a measured run has the machine for itself", "m1 m2 t3", "", 4, "1"},
		{"nothing beside a measured run", "t2 m3", "m1", 4, ""},
		{"a measured run waits for tests to end", "m2", "t1", 4, ""},
		{"tests share the machine", "t1 t2 t3", "", 4, "1 2 3"},
		{"up to the capacity", "t1 t2 t3", "", 2, "1 2"},
		{"with those that run", "t2 t3 t4", "t1", 3, "2 3"},
		{"no room", "t3", "t1 t2", 2, ""},
		{"less than no room", "t4", "t1 t2 t3", 2, ""},
		{"tests before a measured run start, those behind do not", "t1 m2 t3", "", 4, "1"},
		{"nobody overtakes a measured run", "m2 t3", "t1", 4, ""},
		{"a batch has its own bound", "b1/2:x b2/2:x b3/2:x", "", 4, "1 2"},
		{"with those of it that run", "b2/2:x b3/2:x", "b1/2:x", 4, "2"},
		{"a full batch is passed by others", "b2/1:x b3/1:x t4 b5/1:y", "b1/1:x", 4, "4 5"},
		{"but not by those behind a measured run", "b2/1:x m3 t4", "b1/1:x", 4, ""},
		{"a measured run of a batch", "m1/4:x b2/4:x", "", 4, "1"},
		{"batches do not mix", "b1/1:x b2/1:y b3/1:x", "", 4, "1 2"},
		{"runs without a batch are none", "t2 t3", "t1", 3, "2 3"},
	} {
		if got := ids(Plan(parse(c.waiting), parse(c.running), c.capacity)); got != c.want {
			t.Errorf("%s: started %q, want %q", c.name, got, c.want)
		}
	}
}

func TestFullBatches(t *testing.T) {
	got := full(parse("b1/2:x b2/1:y t3 b4/2:x b5/3:z m6/1:w"))
	slices.Sort(got)
	if !slices.Equal(got, []string{"w", "x", "y"}) {
		t.Errorf("got %v", got)
	}
}

// world is a queue and a machine, turned by chance.
type world struct {
	t        *testing.T
	r        *rand.Rand
	capacity int
	waiting  []bench.Waiting
	running  []bench.Waiting
	next     int
}

func (w *world) arrive() {
	w.next++
	item := bench.Waiting{ID: fmt.Sprint(w.next), Measured: w.r.IntN(4) == 0}
	if batch := w.r.IntN(4); batch > 0 {
		item.Batch, item.Parallel = fmt.Sprint("b", batch), batch
	}
	w.waiting = append(w.waiting, item)
}

func (w *world) end() {
	if len(w.running) > 0 {
		i := w.r.IntN(len(w.running))
		w.running = slices.Delete(w.running, i, i+1)
	}
}

// step starts what Plan says and checks what must always hold.
func (w *world) step() {
	before := slices.Clone(w.waiting)
	started := Plan(w.waiting, w.running, w.capacity)
	if !slices.Equal(before, w.waiting) || !slices.Equal(started, Plan(w.waiting, w.running, w.capacity)) {
		w.t.Fatal("it is no pure function")
	}
	last := -1
	for _, s := range started {
		i := slices.Index(w.waiting, s)
		if i <= last {
			w.t.Fatalf("%s was started out of order, or is none of those that wait", s.ID)
		}
		last = i
		for _, passed := range w.waiting[:i] {
			if passed.Measured {
				w.t.Fatalf("%s overtook the measured run %s", s.ID, passed.ID)
			}
		}
	}
	w.waiting = slices.DeleteFunc(w.waiting, func(item bench.Waiting) bool { return slices.Contains(started, item) })
	w.running = append(w.running, started...)
	w.check()
}

func (w *world) check() {
	inBatch := map[string]int{}
	for _, r := range w.running {
		if r.Measured && len(w.running) > 1 {
			w.t.Fatalf("the measured run %s runs beside others: %v", r.ID, w.running)
		}
		if inBatch[r.Batch]++; r.Batch != "" && inBatch[r.Batch] > r.Parallel {
			w.t.Fatalf("%d of batch %s, which runs %d at a time", inBatch[r.Batch], r.Batch, r.Parallel)
		}
	}
	if len(w.running) > w.capacity {
		w.t.Fatalf("%d run, capacity %d", len(w.running), w.capacity)
	}
	if len(w.running) == 0 && len(w.waiting) > 0 {
		w.t.Fatalf("the machine idles while %v wait", w.waiting)
	}
}

func TestWhateverComesTheRulesHoldAndAllAreServed(t *testing.T) {
	for seed := range uint64(200) {
		w := &world{t: t, r: rand.New(rand.NewPCG(seed, 0))}
		w.capacity = 1 + w.r.IntN(6)
		for range 300 {
			if w.r.IntN(2) == 0 {
				w.arrive()
			} else {
				w.end()
			}
			w.step()
		}
		for left := len(w.waiting) + len(w.running); left > 0; left-- {
			w.end()
			w.step()
		}
		if len(w.waiting)+len(w.running) > 0 {
			t.Fatalf("seed %d: %v wait for ever", seed, w.waiting)
		}
	}
}

// Tests come in for ever; the measured run among them still gets its turn, as
// soon as those before it have ended.
func TestAMeasuredRunIsNotStarved(t *testing.T) {
	w := &world{t: t, r: rand.New(rand.NewPCG(1, 1)), capacity: 3, running: parse("t1 t2 t3"), waiting: parse("t4 m5 t6 t7"), next: 100}
	for ends := 0; ; ends++ {
		if ids(w.running) == "5" {
			return
		}
		if ends > 4 {
			t.Fatalf("after %d ends %v run", ends, w.running)
		}
		w.waiting = append(w.waiting, bench.Waiting{ID: fmt.Sprint("more", ends)})
		w.end()
		w.step()
	}
}
