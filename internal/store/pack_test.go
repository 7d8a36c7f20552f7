package store

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"benchcell/internal/bench"
)

func TestTheDictionaryNeverChanges(t *testing.T) {
	sum := sha256.Sum256(dictionary)
	if got := hex.EncodeToString(sum[:]); got != "611ea8c32d42681dcbd1c0146f26b2e5e65d8f89fc41a7d170fd5672df0b663b" {
		t.Errorf("it is %s: what was stored with the other can't be read any more", got)
	}
}

func TestARunIsReadWithTheDictionaryAndWithout(t *testing.T) {
	run := submission("1", "a").Run
	run = *run.Take(time.Now().UTC()).Run.Record(typical()).Run
	text, err := json.Marshal(&run)
	if err != nil {
		t.Fatal(err)
	}
	packed, err := pack(&run)
	if err != nil || len(packed) > len(text)/3 {
		t.Errorf("%d bytes of %d, %v", len(packed), len(text), err)
	}
	for how, packed := range map[string][]byte{"with": packed, "without, as older servers packed": compress(text)} {
		var back bench.Run
		if err := unpack(packed, &back); err != nil {
			t.Errorf("%s: %v", how, err)
		}
		again, err := json.Marshal(&back)
		if err != nil || !reflect.DeepEqual(again, text) {
			t.Errorf("%s: it comes back as %s", how, again)
		}
	}
}
