package api

import (
	"context"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"benchcell/internal/bench"
)

// Metrics counts what ran, for Prometheus. Only configured benchmarks get a
// label of their own: strangers choose their names, and could choose millions.
type Metrics struct {
	registry *prometheus.Registry
	runs     *prometheus.CounterVec
	median   *prometheus.GaugeVec
	memory   *prometheus.GaugeVec
	cpu      *prometheus.CounterVec
	took     *prometheus.HistogramVec
}

// NewMetrics makes the counters; counts tells of the queue.
func NewMetrics(counts func(context.Context) (queued, running int, err error)) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		runs: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "benchcell_runs_total", Help: "Finished runs.",
		}, []string{"benchmark", "isolation", "verdict"}),
		median: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "benchcell_median_seconds", Help: "Median of the newest ok run.",
		}, []string{"benchmark", "isolation"}),
		memory: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "benchcell_max_rss_bytes", Help: "Memory of the newest run.",
		}, []string{"benchmark", "isolation"}),
		cpu: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "benchcell_cpu_seconds_total", Help: "CPU time of runs, warm-ups left out.",
		}, []string{"benchmark", "isolation"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "benchcell_run_seconds", Help: "From taking a run until its boundary was empty.",
			Buckets: prometheus.ExponentialBuckets(0.001, 4, 10),
		}, []string{"isolation"}),
	}
	m.registry.MustRegister(m.runs, m.median, m.memory, m.cpu, m.took, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), &queueCollector{counts})
	return m
}

// Handler serves the metrics.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError})
}

// Record counts a finished run.
func (m *Metrics) Record(r *bench.Run) {
	name, isolation := r.Slug, string(r.Isolation.Requested)
	if !r.Trusted {
		name = "submitted"
	}
	if r.Isolation.Effective != nil {
		isolation = string(*r.Isolation.Effective)
	}
	m.runs.WithLabelValues(name, isolation, string(*r.Verdict)).Inc()
	u := r.ResourceUsage
	if u.ExecutionTime != nil {
		m.took.WithLabelValues(isolation).Observe(*u.ExecutionTime / 1e3)
	}
	if u.MaxRSS != nil {
		m.memory.WithLabelValues(name, isolation).Set(float64(*u.MaxRSS))
	}
	if u.CPUTime.User != nil {
		m.cpu.WithLabelValues(name, isolation).Add(float64(*u.CPUTime.User+*u.CPUTime.System) / 1e6)
	}
	if *r.Verdict == bench.OK && r.Time.Median != nil {
		m.median.WithLabelValues(name, isolation).Set(*r.Time.Median / 1e3)
	}
}

// queueCollector asks the store when it is asked.
type queueCollector struct {
	counts func(context.Context) (queued, running int, err error)
}

var stateDesc = prometheus.NewDesc("benchcell_runs", "Runs that are not finished.", []string{"state"}, nil)

func (*queueCollector) Describe(ch chan<- *prometheus.Desc) { ch <- stateDesc }

func (q *queueCollector) Collect(ch chan<- prometheus.Metric) {
	queued, running, err := q.counts(context.Background())
	if err != nil {
		ch <- prometheus.NewInvalidMetric(stateDesc, err)
		return
	}
	ch <- prometheus.MustNewConstMetric(stateDesc, prometheus.GaugeValue, float64(queued), "queued")
	ch <- prometheus.MustNewConstMetric(stateDesc, prometheus.GaugeValue, float64(running), "running")
}
