//go:build linux

package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
)

// browser: how the dashboard's pages load in Chromium, as web/scripts/figures.mjs
// measures it.
func (b *bench) browser() error {
	if _, err := exec.LookPath(cmp.Or(os.Getenv("CHROMIUM"), "chromium")); err != nil {
		fmt.Fprintln(os.Stderr, "pages in a browser need Chromium: make needs")
		return nil //nolint:nilerr // it was said
	}
	cmd := exec.Command("npm", "run", "--silent", "figures", "--", "--json")
	cmd.Dir, cmd.Stderr = "web", os.Stderr
	text, failed := cmd.Output() // it fails if a budget is missed, which the table tells too
	var figures []struct {
		What, Unit  string
		Value, Most float64
	}
	if err := json.Unmarshal(text, &figures); err != nil {
		return errors.Join(failed, err)
	}
	for _, f := range figures {
		b.add(f.What, fmt.Sprintf("%.1f %s", f.Value, f.Unit), "–", "–", f.Value, f.Most, fmt.Sprintf("≤ %g %s", f.Most, f.Unit))
	}
	return nil
}
