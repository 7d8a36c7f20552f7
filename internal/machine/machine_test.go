package machine

import (
	"os"
	"regexp"
	"runtime"
	"testing"
)

func TestDescribe(t *testing.T) {
	m := Describe("hybrid")
	name, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	if m.OS != runtime.GOOS || m.Arch != runtime.GOARCH || m.Cores != runtime.NumCPU() || m.Cgroup != "hybrid" || m.Hostname != name {
		t.Errorf("got %+v", m)
	}
	if !regexp.MustCompile(`^\d+\.\d+`).MatchString(m.Kernel) || !regexp.MustCompile(`^[0-9a-f]{12}$`).MatchString(m.ID) {
		t.Errorf("kernel %q, id %q", m.Kernel, m.ID)
	}
}

func TestTheFingerprintIsTheSameEachTimeAndAnotherElsewhere(t *testing.T) {
	first, second := Describe("v2"), Describe("v2")
	if first != second {
		t.Errorf("%+v, then %+v", first, second)
	}
	if other := Describe("v1"); other.ID == first.ID {
		t.Error("another cgroup mode has the same fingerprint")
	}
}

func TestTheHostsLockIsWhereAllCanReachIt(t *testing.T) {
	dir := lockFolder()
	if info, err := os.Stat(dir); err != nil || info.Mode()&0o002 == 0 {
		t.Errorf("%s: %v, %v", dir, info, err)
	}
	if path := NewLock("").path; path != dir+"/benchcell-measure.lock" {
		t.Errorf("got %s", path)
	}
}
