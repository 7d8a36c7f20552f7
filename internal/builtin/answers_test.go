package builtin

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"
)

// A database that answers wrongly is an error, not a fast sample.
func TestProfileQueriesRefuseWrongAnswers(t *testing.T) {
	marks := "(" + strings.Repeat(",?", profileBatch)[1:] + ")"
	tests := []struct{ name, query string }{
		{"wrong value", "SELECT id, karma + 1, handle FROM profile WHERE id IN " + marks + " ORDER BY id"},
		{"wrong text", "SELECT id, karma, upper(handle) FROM profile WHERE id IN " + marks + " ORDER BY id"},
		{"wrong order", "SELECT id, karma, handle FROM profile WHERE id IN " + marks + " ORDER BY id DESC"},
		{"too few rows", "SELECT id, karma, handle FROM profile WHERE id IN " + marks + " ORDER BY id LIMIT 99"},
		{"too many rows", "SELECT id, karma, handle FROM profile WHERE id IN " + marks + " UNION ALL SELECT 1, 1, ''"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, err := setupProfiles(1000, test.query, newProfileBatch)
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Run(); err == nil {
				t.Error("accepted")
			}
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestProfileQuerySingleRefusesAnotherRow(t *testing.T) {
	c, err := setupProfiles(1000, profileByID+" % 1000 + 1", newProfileSingle)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Run(); err == nil {
		t.Error("accepted")
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}

// What is closed can't be timed any more: the sample would be an error.
func TestClosedCasesFail(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	for name, setup := range holding {
		c, err := setup()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		if err := c.Run(); err == nil {
			t.Errorf("%s runs after Close", name)
		}
	}
}

func TestSetupFileWithoutFolder(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir()+"/missing")
	if _, err := setupFile(); err == nil {
		t.Error("a file was made in a folder that does not exist")
	}
}

func TestCheckGzipRefusesOtherText(t *testing.T) {
	var out bytes.Buffer
	if err := compress(gzip.NewWriter(&out), &out, []byte("one")); err != nil {
		t.Fatal(err)
	}
	if err := checkGzip(out.Bytes(), []byte("one")); err != nil {
		t.Error(err)
	}
	for name, compressed := range map[string][]byte{
		"other text": out.Bytes(), "cut": out.Bytes()[:out.Len()-5], "not gzip": []byte("two"),
	} {
		if err := checkGzip(compressed, []byte("two")); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestDocumentIsRealSized(t *testing.T) {
	_, text, err := encoded()
	if err != nil {
		t.Fatal(err)
	}
	if len(text) < 900_000 || len(text) > 1_200_000 {
		t.Errorf("the document has %d bytes, not about a megabyte", len(text))
	}
}

func TestDocumentSumSeesChanges(t *testing.T) {
	want := newDocument().sum()
	if got := newDocument().sum(); got != want {
		t.Errorf("the generated document differs: %v and %v", got, want)
	}
	lost, swapped := newDocument(), newDocument()
	lost.Accounts = lost.Accounts[:len(lost.Accounts)-1]
	swapped.Accounts[7], swapped.Accounts[8] = swapped.Accounts[8], swapped.Accounts[7]
	if lost.sum() == want || swapped.sum() == want {
		t.Error("a lost or swapped account is not seen")
	}
}

func TestLogText(t *testing.T) {
	text, failures := logText(9, 100_000)
	if len(text) < 100_000 || len(text) > 100_256 || text[len(text)-1] != '\n' {
		t.Errorf("%d bytes, ending in %q", len(text), text[len(text)-1:])
	}
	if want := bytes.Count(text, []byte(" status=50")); failures != want || failures == 0 {
		t.Errorf("it says %d failures and holds %d", failures, want)
	}
	if again, _ := logText(9, 100_000); !bytes.Equal(text, again) {
		t.Error("the same seed gave another text")
	}
	if other, _ := logText(10, 100_000); bytes.Equal(text, other) {
		t.Error("another seed gave the same text")
	}
}
