// Package svg draws the small pictures that stand in tables and on other
// people's pages: sparklines and badges. They say in words what they show, for
// those who don't see them, and follow the reader's colour scheme. Whatever text
// comes in goes out as text.
package svg

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// Tone is what a colour means. It is never said by the colour alone.
type Tone string

// Quiet is of what is neither good nor bad.
const (
	Good   Tone = "good"
	Unsure Tone = "unsure"
	Bad    Tone = "bad"
	Quiet  Tone = "quiet"
)

// style has the dashboard's colours, light and dark: contrast AA in both.
const style = `text{font:11px system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}` +
	`.name{fill:#f2f2f0}.name+text{fill:#1a1c1f}` +
	`.good{fill:#e2f3e8}.good+text{fill:#17693c}.unsure{fill:#fbedcf}.unsure+text{fill:#7d5100}` +
	`.bad{fill:#fbe4e2}.bad+text{fill:#a62b26}.quiet{fill:#e2e3e0}.quiet+text{fill:#4c5157}` +
	`.line{fill:none;stroke:#1b5cb8;stroke-width:1.5;stroke-linejoin:round}.end{fill:#1b5cb8}` +
	`.target{stroke:#62676e;stroke-dasharray:3 3}.change{stroke:#a62b26}` +
	`@media(prefers-color-scheme:dark){.name{fill:#202429}.name+text{fill:#e6e8ea}` +
	`.good{fill:#14301f}.good+text{fill:#6fcf97}.unsure{fill:#392c11}.unsure+text{fill:#e2b458}` +
	`.bad{fill:#421f1d}.bad+text{fill:#f59a92}.quiet{fill:#2c3036}.quiet+text{fill:#b3b9c0}` +
	`.line{stroke:#8ab4f8}.end{fill:#8ab4f8}.target{stroke:#9aa1a9}.change{stroke:#f59a92}}`

// Policy is the content security policy under which a picture may be opened as a
// page: it lets in the one style, by its hash, and nothing else.
var Policy = func() string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; frame-ancestors 'none'; sandbox"
}()

// picture begins one of a size, which says what it shows.
func picture(width, height float64, title string) *bytes.Buffer {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%[1]s" height="%[2]s" viewBox="0 0 %[1]s %[2]s" role="img" aria-label="%[3]s">`+
		"<title>%[3]s</title><style>%[4]s</style>", number(width), number(height), text(title), style)
	return &b
}

// number has a tenth of a pixel, which nobody sees.
func number(v float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0")
}

// text makes text of anything, for content and attributes. What hides or
// reorders other characters is shown by its number.
func text(s string) string {
	var shown strings.Builder
	for _, r := range s {
		if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) {
			fmt.Fprintf(&shown, "<U+%04X>", r)
			continue
		}
		shown.WriteRune(r)
	}
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(shown.String())) // a buffer takes everything
	return b.String()
}
