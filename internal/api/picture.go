package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/docker/go-units"
	"github.com/gin-gonic/gin"

	"benchcell/internal/bench"
	"benchcell/internal/svg"
)

// sparkRuns is how many of the newest runs a sparkline shows.
const sparkRuns = 60

// serveBadges serves what other people's pages show of a benchmark.
func (a *API) serveBadges(engine *gin.Engine) {
	engine.Match([]string{http.MethodGet, http.MethodHead}, "/badges/:file", func(c *gin.Context) {
		slug, isPicture := strings.CutSuffix(c.Param("file"), ".svg")
		b, err := a.lookup(slug)
		if !isPicture || err != nil {
			writeProblem(c.Writer, http.StatusNotFound, bench.CodeNotFound, "There is no such badge: it is /badges/SLUG.svg of a configured benchmark.")
			return
		}
		latest, err := a.Store.Latest(c.Request.Context(), []string{slug})
		if err != nil {
			a.Log.Error("could not make a badge", "error", err)
			writeProblem(c.Writer, http.StatusInternalServerError, bench.CodeInternal, "The store could not be read; the server's log says more.")
			return
		}
		message, tone := badgeWords(latest[slug])
		c.Header("Cross-Origin-Resource-Policy", "cross-origin") // it is there to be embedded
		c.Header("Cache-Control", "public, max-age=60")
		servePicture(c, svg.Badge(b.Name, message, tone))
	})
}

// badgeWords say how a run came out, against its target if it has one.
func badgeWords(r *bench.Run) (string, svg.Tone) {
	switch {
	case r == nil:
		return "not run yet", svg.Quiet
	case *r.Verdict == bench.Cancelled || *r.Verdict == bench.Interrupted:
		return string(*r.Verdict), svg.Quiet
	case *r.Verdict != bench.OK:
		return strings.ReplaceAll(string(*r.Verdict), "_", " "), svg.Bad
	case r.Rating != nil && r.Rated != nil && r.Target != nil:
		tone := map[bench.Rating]svg.Tone{bench.Fast: svg.Good, bench.Slow: svg.Bad}[*r.Rating]
		if tone == "" {
			tone = svg.Unsure
		}
		return string(*r.Rating) + ": " + figureText(r.TargetOn, r.Rated.Value) + " of " + figureText(r.TargetOn, *r.Target), tone
	case r.Rating != nil:
		return string(*r.Rating), svg.Unsure // what its target is on was not measured
	case r.Time.Median != nil:
		return "ok: " + figureText(bench.OnMedian, *r.Time.Median), svg.Good
	}
	return "ok", svg.Good
}

// figureText has three digits, as a table has them.
func figureText(on bench.TargetOn, v float64) string {
	if on == bench.OnMemory {
		return units.HumanSizeWithPrecision(v, 3)
	}
	d := time.Duration(v * float64(time.Millisecond))
	if d > 0 {
		d = d.Round(time.Duration(math.Pow10(max(int(math.Log10(float64(d)))-2, 0))))
	}
	return d.String()
}

func (a *API) registerSparklines(h huma.API) {
	spark := op("get-sparkline", http.MethodGet, "/benchmarks/{slug}/sparkline.svg", "The newest runs of a benchmark as a small picture")
	spark.Description = "Medians in order, the target dashed, changes of the level marked. 'run' is not looked at: an address for each newest run lets a browser keep what it has."
	spark.Responses = map[string]*huma.Response{"200": {
		Description: "a picture of 100 by 28",
		Content:     map[string]*huma.MediaType{"image/svg+xml": {}},
	}}
	huma.Register(h, spark, func(ctx context.Context, in *struct {
		Slug string `path:"slug" maxLength:"300"`
		Run  string `query:"run" maxLength:"64"`
	},
	) (*huma.StreamResponse, error) {
		b, err := a.lookup(in.Slug)
		if err != nil {
			return nil, problem(err)
		}
		series, err := a.sparkSeries(ctx, &b)
		if err != nil {
			return nil, problem(err)
		}
		return &huma.StreamResponse{Body: func(c huma.Context) {
			gc := humagin.Unwrap(c)
			gc.Header("Cache-Control", "private, no-cache")
			servePicture(gc, svg.Sparkline(series))
		}}, nil
	})
}

// sparkSeries is the newest runs that can be compared with one another; of a
// benchmark without a history, such as tests, all that were ok.
func (a *API) sparkSeries(ctx context.Context, b *bench.Benchmark) (svg.Series, error) {
	s := svg.Series{Values: []float64{}}
	if b.TargetOn == "" || b.TargetOn == bench.OnMedian {
		s.Target = b.Target
	}
	trend, err := a.History.Trend(ctx, bench.TrendQuery{Series: bench.Series{Benchmark: b.Slug}, Limit: sparkRuns})
	switch {
	case bench.CodeOf(err) == bench.CodeNotFound:
		medians, err := a.Store.Medians(ctx, []string{b.Slug})
		if err != nil {
			return s, err
		}
		s.Values = newest(medians[b.Slug], sparkRuns)
	case err != nil:
		return s, err
	default:
		s.Values, s.Changes = courseOf(trend)
	}
	s.Title = sparkWords(s)
	return s, nil
}

// courseOf is the medians of a trend, and where among them the level changes.
func courseOf(t *bench.Trend) (values []float64, changes []int) {
	change := map[string]bool{}
	for _, c := range t.ChangePoints {
		change[c.Run] = true
	}
	for _, p := range t.Points {
		if p.Median == nil {
			continue
		}
		if change[p.Run] {
			changes = append(changes, len(values))
		}
		values = append(values, *p.Median)
	}
	return values, changes
}

func sparkWords(s svg.Series) string {
	n := len(s.Values)
	if n == 0 {
		return "no runs yet"
	}
	words := fmt.Sprintf("%d runs, the last ", n) + figureText(bench.OnMedian, s.Values[n-1])
	if s.Target != nil {
		words += ", target " + figureText(bench.OnMedian, *s.Target)
	}
	if len(s.Changes) > 0 {
		words += ", the level changed"
	}
	return words
}

// servePicture answers with a picture, or that it is still the same.
func servePicture(c *gin.Context, picture []byte) {
	sum := sha256.Sum256(picture)
	c.Header("ETag", `"`+hex.EncodeToString(sum[:8])+`"`)
	c.Header("Content-Type", "image/svg+xml")
	c.Header("Content-Security-Policy", svg.Policy)
	c.Status(http.StatusOK)
	c.Request.Header.Del("Range")
	http.ServeContent(c.Writer, c.Request, "", time.Time{}, bytes.NewReader(picture))
}
