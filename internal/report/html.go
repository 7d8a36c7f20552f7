package report

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"maps"
	"slices"
	"strings"
)

//go:embed head.html page.html comparison.html
var pages embed.FS

var page = parsed("page.html")

// parsed is a page with what all begin with.
func parsed(name string) *template.Template {
	return template.Must(template.ParseFS(pages, name, "head.html"))
}

// writeHTML writes one page that needs no other file, no script and no network.
// The template escapes every name by the place where it stands.
func writeHTML(w io.Writer, r *Report) error {
	telling := r.telling()
	view := pageView{Report: r, Title: "Benchmark report", Benchmarks: fmt.Sprintf("%d benchmarks", len(r.Results))}
	if len(r.Results) == 1 {
		view.Title, view.Benchmarks = visible(r.Results[0].Name), "One benchmark"
	}
	for i := range r.Results {
		result := resultView{Name: visible(r.Results[i].fullName(telling))}
		for j := range r.Results[i].Metrics {
			result.Metrics = append(result.Metrics, viewOf(&r.Results[i].Metrics[j]))
		}
		view.Results = append(view.Results, result)
	}
	return page.Execute(w, view)
}

type pageView struct {
	Report            *Report
	Title, Benchmarks string
	Results           []resultView
}

type resultView struct {
	Name    string
	Metrics []metricView
}

type metricView struct {
	Name, Median, Interval string
	Samples                int
	Plot                   *plot
}

// plot is the samples as points in a box of Width and Height pixels, y downwards.
type plot struct {
	Label         string
	Width, Height float64
	Median        float64
	Points        []point
	Band          *band
}

type point struct{ X, Y float64 }

type band struct{ Y, Width, Height float64 }

// mostPoints bounds a plot: more would lie on top of one another.
const mostPoints = 600

func viewOf(m *Metric) metricView {
	v := metricView{Name: visible(m.Name), Median: "–", Interval: "–", Samples: len(m.Samples)}
	value, ok := m.Value()
	if !ok {
		v.Median = m.stats()
		return v
	}
	v.Median = m.figure(value)
	low, high, known := m.bounds()
	if known {
		v.Interval = m.figure(low) + " to " + m.figure(high)
	}
	if len(m.Samples) > 1 {
		v.Plot = draw(m.Samples, value, low, high, known)
		v.Plot.Label = fmt.Sprintf("%d samples from %s to %s", len(m.Samples), m.figure(slices.Min(m.Samples)), m.figure(slices.Max(m.Samples)))
	}
	return v
}

// stats names what a tool computed where it gives no median.
func (m *Metric) stats() string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(m.Stats)) {
		list = append(list, m.figure(m.Stats[name])+" ("+visible(name)+")")
	}
	if len(list) == 0 {
		return "–"
	}
	return strings.Join(list, ", ")
}

func draw(samples []float64, median, low, high float64, known bool) *plot {
	const width, height, margin = 360.0, 56.0, 4.0
	least, most := slices.Min(samples), slices.Max(samples)
	y := func(x float64) float64 {
		if most == least {
			return height / 2
		}
		return margin + (most-x)/(most-least)*(height-2*margin)
	}
	p := &plot{Width: width, Height: height, Median: y(median)}
	step := max(1, (len(samples)+mostPoints-1)/mostPoints)
	for i := 0; i < len(samples); i += step {
		x := margin + float64(i)/float64(max(len(samples)-1, 1))*(width-2*margin)
		p.Points = append(p.Points, point{x, y(samples[i])})
	}
	if known {
		p.Band = &band{Y: y(high), Width: width, Height: max(y(low)-y(high), 1)}
	}
	return p
}
