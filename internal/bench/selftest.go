package bench

import "time"

// SelfTest is what the shipped hostile programs met on this machine.
type SelfTest struct {
	Version    string         `json:"version" doc:"of the program that ran them"`
	Machine    string         `json:"machine"`
	StartedAt  *time.Time     `json:"startedAt" doc:"null if none was ever run"`
	FinishedAt *time.Time     `json:"finishedAt"`
	Cases      []SelfTestCase `json:"cases"`
}

// SelfTestCase is what one hostile program met at one boundary.
type SelfTestCase struct {
	Case    string       `json:"case"`
	Backend string       `json:"backend" enum:"in-process,process,process-sandboxed,container"`
	Result  SelfTestMark `json:"result" enum:"pass,fail,n/a"`
	Reason  string       `json:"reason" doc:"what was seen, or why the case does not apply"`
}

// SelfTestMark is pass, fail or n/a.
type SelfTestMark string

// The marks.
const (
	Passed        SelfTestMark = "pass"
	Failed        SelfTestMark = "fail"
	NotApplicable SelfTestMark = "n/a"
)

// Count counts the cases with a mark.
func (s *SelfTest) Count(mark SelfTestMark) int {
	n := 0
	for _, c := range s.Cases {
		if c.Result == mark {
			n++
		}
	}
	return n
}
