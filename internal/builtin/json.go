package builtin

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
)

var jsonEncode = Function{
	Name:       "json-encode",
	Title:      "JSON Encode (1 MB)",
	Category:   "encoding",
	Target:     20,
	Iterations: 20,
	Setup:      setupJSONEncode,
}

var jsonDecode = Function{
	Name:       "json-decode",
	Title:      "JSON Decode (1 MB)",
	Category:   "encoding",
	Target:     50,
	Iterations: 20,
	Setup:      setupJSONDecode,
}

type document struct {
	Version  int       `json:"version"`
	Accounts []account `json:"accounts"`
}

type account struct {
	ID      int64          `json:"id"`
	Name    string         `json:"name"`
	Active  bool           `json:"active"`
	Balance float64        `json:"balance"`
	Tags    []string       `json:"tags"`
	Visits  map[string]int `json:"visits"`
	Address address        `json:"address"`
}

type address struct {
	Street string `json:"street"`
	City   string `json:"city"`
}

// documentAccounts makes about 1 MB of JSON.
const documentAccounts = 4_500

func newDocument() document {
	random := rand.New(rand.NewPCG(3, 0))
	d := document{Version: 1, Accounts: make([]account, documentAccounts)}
	for i := range d.Accounts {
		d.Accounts[i] = account{
			ID:      int64(i),
			Name:    fmt.Sprintf("Zoë \"%c\" Person %d", 'A'+rune(random.IntN(26)), i),
			Active:  random.IntN(2) == 0,
			Balance: float64(random.IntN(10_000_000)) / 100,
			Tags:    []string{pick(random), pick(random), pick(random)},
			Visits:  map[string]int{"monday": random.IntN(99), "tuesday": random.IntN(99), "friday": random.IntN(99)},
			Address: address{Street: fmt.Sprintf("%d %s street", random.IntN(200), pick(random)), City: pick(random)},
		}
	}
	return d
}

// encoded is the document, and its JSON proven by the way back.
func encoded() (document, []byte, error) {
	doc := newDocument()
	text, err := json.Marshal(doc)
	if err != nil {
		return doc, nil, err
	}
	var back document
	if err := json.Unmarshal(text, &back); err != nil {
		return doc, nil, err
	}
	if !reflect.DeepEqual(doc, back) {
		return doc, nil, errors.New("the document does not survive encoding and decoding")
	}
	return doc, text, nil
}

func setupJSONEncode() (*Case, error) {
	doc, want, err := encoded()
	if err != nil {
		return nil, err
	}
	return pure(func() error {
		text, err := json.Marshal(doc)
		if err != nil {
			return err
		}
		if !bytes.Equal(text, want) {
			return errors.New("the JSON differs from that of the set-up")
		}
		return nil
	}), nil
}

func setupJSONDecode() (*Case, error) {
	doc, text, err := encoded()
	if err != nil {
		return nil, err
	}
	want := doc.sum()
	return pure(func() error {
		var got document
		if err := json.Unmarshal(text, &got); err != nil {
			return err
		}
		if sum := got.sum(); sum != want {
			return fmt.Errorf("the decoded document sums up to %v, it must be %v", sum, want)
		}
		return nil
	}), nil
}

// sum stands for the content: to compare all of it would cost as much as the
// decoding that is measured.
func (d document) sum() float64 {
	sum := float64(d.Version)
	for i, a := range d.Accounts {
		sum += a.Balance + float64(int(a.ID)*i+len(a.Name)+len(a.Tags)+a.Visits["friday"]+len(a.Address.City))
	}
	return sum
}
