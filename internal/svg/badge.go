package svg

import "fmt"

// mostLetters of either text are drawn; the title has them all.
const mostLetters = 60

// Badge is a name and what is to be said of it.
func Badge(name, message string, tone Tone) []byte {
	const height, inset, baseline = 20.0, 6.0, 14.0
	left, right := shorten(name), shorten(message)
	first, second := widthOf(left), widthOf(right)
	b := picture(first+second+4*inset, height, name+": "+message)
	half := func(class, words string, x, width float64) {
		fmt.Fprintf(b, `<rect class="%s" x="%s" width="%s" height="%s"/>`, class, number(x), number(width+2*inset), number(height))
		fmt.Fprintf(b, `<text x="%s" y="%s" textLength="%s" lengthAdjust="spacingAndGlyphs">%s</text>`,
			number(x+inset), number(baseline), number(width), text(words))
	}
	half("name", left, 0, first)
	half(string(tone), right, first+2*inset, second)
	b.WriteString("</svg>")
	return b.Bytes()
}

func shorten(s string) string {
	if r := []rune(s); len(r) > mostLetters {
		return string(r[:mostLetters-1]) + "…"
	}
	return s
}

// widthOf guesses how wide a text is, in pixels. The reader's font is not known
// here: the text is fitted into what was guessed.
func widthOf(s string) (width float64) {
	const narrow, usual, wide = 3.4, 6.2, 11.0
	for _, r := range s {
		switch {
		case r > 0x2e80:
			width += wide
		case r == ' ' || r == 'i' || r == 'l' || r == '.' || r == ',' || r == ':':
			width += narrow
		default:
			width += usual
		}
	}
	return max(width, usual)
}
