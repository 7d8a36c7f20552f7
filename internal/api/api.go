// Package api is the service over HTTP: the JSON API with its OpenAPI
// description, server-sent events, metrics and the dashboard's files. It is the
// only package that knows of HTTP, and it decides nothing: it checks who asks
// and what, and hands on.
//
// A definition that comes in here is untrusted. Trusted work comes from the
// configuration, or through Operator, which listens where only the owner of
// the data folder can reach it.
package api

import (
	"context"
	"encoding/json"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"reflect"
	"runtime/debug"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"benchcell/internal/access"
	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
)

// prefix is where the API lives; a change that breaks clients gets another.
const prefix = "/api/v1"

// maxBody is the largest body of a request, in bytes.
const maxBody = 16 << 20

// bodyTime is how long a body may take to come.
const bodyTime = 30 * time.Second

// Store is what the API reads.
type Store interface {
	Bell() *bench.Bell
	Watch(run string) (ended <-chan *bench.Run, forget func())
	Ready() error
	Settle() error
	Run(ctx context.Context, id string) (*bench.Run, error)
	Runs(ctx context.Context, f bench.RunFilter, cursor string, limit int) ([]bench.Run, string, error)
	Batches(ctx context.Context, limit int) ([]bench.BatchInfo, error)
	Pairs(ctx context.Context, cursor string, limit int) (pairs [][2]*bench.Run, next string, err error)
	Plan(ctx context.Context, id string) (*bench.Plan, error)
	SaveSource(ctx context.Context, archive []byte) (hash string, err error)
	SaveReport(ctx context.Context, r bench.StoredReport) error
	Report(ctx context.Context, id string) (*bench.StoredReport, error)
	Reports(ctx context.Context, limit int) ([]bench.ReportInfo, error)
	Samples(ctx context.Context, id string) ([]bench.Sample, error)
	Output(ctx context.Context, id string, stdout bool) ([]byte, error)
	Latest(ctx context.Context, slugs []string) (map[string]*bench.Run, error)
	SuccessRates(ctx context.Context, slugs []string, days int) (map[string]bench.SuccessRate, error)
	Medians(ctx context.Context, slugs []string) (map[string][]float64, error)
	EventsAfter(ctx context.Context, run string, seq int64, limit int) ([]bench.Event, error)
	EventRange(ctx context.Context) (oldest, newest int64, err error)
	Machine(ctx context.Context, id string) (*bench.Machine, error)
	SelfTest(ctx context.Context) (*bench.SelfTest, error)
	SaveSelfTest(ctx context.Context, test *bench.SelfTest) error
	Counts(ctx context.Context) (queued, running int, err error)
	SetBaseline(ctx context.Context, slug, name, run string) error
	Alerts(ctx context.Context, state bench.AlertState, limit int) ([]bench.Alert, error)
	Alert(ctx context.Context, id string) (*bench.Alert, error)
	AnswerAlert(ctx context.Context, id string, state *bench.AlertState, note *string) error
	Audit(e bench.AuditEntry)
	AuditLog(ctx context.Context, cursor string, limit int) ([]bench.AuditEntry, string, error)
}

// Scheduler is whom the API hands work to.
type Scheduler interface {
	Submit(ctx context.Context, plans []bench.Plan, parallel int) ([]bench.Run, error)
	SubmitAwaited(ctx context.Context, plan bench.Plan) (run *bench.Run, ended <-chan *bench.Run, forget func(), err error)
	SubmitPair(ctx context.Context, plans [2]bench.Plan) ([]bench.Run, error)
	Cancel(ctx context.Context, id string) error
}

// Config wires the API.
type Config struct {
	Store        Store
	Scheduler    Scheduler
	History      History
	Benchmarks   []bench.Benchmark // the operator's
	Policy       bench.Policy
	Settings     []bench.Setting // the configuration in force
	Capabilities func(context.Context) []sandbox.Capabilities
	Machine      bench.Machine
	Disturbances func() []bench.Disturbance
	Live         *Live
	Static       fs.FS // the dashboard
	Access       *access.Access
	Proxies      []netip.Prefix // whose X-Forwarded headers are believed
	Plain        bool           // others can reach us and nothing is encrypted: only proxies are answered
	Hosts        []string       // names that this server answers to, beside localhost and addresses
	Version      string
	Metrics      http.Handler // nil is none
	MetricsToken string       // reads the metrics and nothing else; "" is none
	Log          *slog.Logger
}

// API holds the handlers.
type API struct {
	Config
	bySlug   map[string]bench.Benchmark
	start    time.Time
	refusals *access.Rates // how often one client's are noted
	streams  crowd         // clients that are told of changes
	levels   levels
}

// New checks nothing and opens nothing: it only wires.
func New(c Config) *API {
	a := &API{Config: c, bySlug: map[string]bench.Benchmark{}, start: time.Now(), refusals: access.NewRates(0.1, 20)}
	for _, b := range c.Benchmarks {
		a.bySlug[b.Slug] = b
	}
	return a
}

// Public is the handler for the network.
func (a *API) Public() http.Handler { return a.guard(compressed(a.publicEngine())) }

func (a *API) publicEngine() *gin.Engine {
	engine := a.engine()
	a.register(a.describe(engine))
	a.serveHealth(engine)
	a.serveBadges(engine)
	a.serveLogin(engine)
	a.serveStatic(engine)
	return engine
}

// Operator is the handler for the owner of the data folder: the same API, and
// a door for trusted work.
func (a *API) Operator() http.Handler {
	engine := a.engine()
	described := a.describe(engine)
	a.register(described)
	a.registerOperator(described)
	owner := bench.Caller{Name: "operator", Role: bench.Admin, Door: bench.DoorOperator}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		engine.ServeHTTP(w, r.WithContext(bench.WithCaller(r.Context(), owner)))
	})
}

func (a *API) engine() *gin.Engine {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.HandleMethodNotAllowed = true
	engine.RedirectTrailingSlash = false // an address is right or it is not
	engine.Use(a.recover, drainBody)
	engine.NoRoute(noRoute)
	engine.NoMethod(noMethod)
	return engine
}

func noRoute(c *gin.Context) {
	writeProblem(c.Writer, http.StatusNotFound, bench.CodeNotFound, "There is nothing at this address; "+prefix+"/openapi.json describes the API.")
}

func noMethod(c *gin.Context) {
	writeProblem(c.Writer, http.StatusMethodNotAllowed, codes[http.StatusMethodNotAllowed], "This address does not take "+c.Request.Method+".")
}

// describe makes the part of the engine that describes itself.
func (a *API) describe(engine *gin.Engine) huma.API {
	schemas := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	schemas.RegisterTypeAlias(reflect.TypeFor[bench.ExitCodes](), reflect.TypeFor[exitCodes]())
	config := huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "benchcell", Version: a.Version,
				Description: "Runs benchmarks in isolation. Times are milliseconds and sizes bytes unless a name says otherwise; what was not measured is null.",
			},
			Components: &huma.Components{Schemas: schemas},
		},
		OpenAPIPath:                  prefix + "/openapi",
		RejectUnknownQueryParameters: true, // a mistyped filter must not list everything
		Formats:                      map[string]huma.Format{"application/json": shallowJSON, "json": shallowJSON},
		DefaultFormat:                "application/json",
	}
	described := humagin.New(engine, config)
	described.UseMiddleware(a.permit)
	return described
}

func (a *API) register(h huma.API) {
	a.registerBenchmarks(h)
	a.registerOverview(h)
	a.registerSides(h)
	a.registerRuns(h)
	a.registerResults(h)
	a.registerComparisons(h)
	a.registerSources(h)
	a.registerReports(h)
	a.registerEvents(h)
	a.registerCapabilities(h)
	a.registerSelfTest(h)
	a.registerHistory(h)
	a.registerSettings(h)
	a.registerSparklines(h)
	a.registerTokens(h)
	a.registerAudit(h)
}

// recover turns a panic of a handler into an error of its request.
func (a *API) recover(c *gin.Context) {
	defer func() {
		if p := recover(); p != nil {
			if p == http.ErrAbortHandler { //nolint:errorlint // it is compared by net/http too
				panic(p)
			}
			a.Log.Error("a request panicked", "path", c.Request.URL.Path, "panic", p, "stack", string(debug.Stack()))
			if c.Writer.Written() {
				panic(http.ErrAbortHandler) // half an answer must not look like a whole one
			}
			writeProblem(c.Writer, http.StatusInternalServerError, bench.CodeInternal, "The server made a mistake; its log says more.")
			c.Abort()
		}
	}()
	c.Next()
}

// answer is a response with a JSON body.
type answer[T any] struct{ Body T }

// op is the start of an operation's description.
func op(id, method, path, summary string) huma.Operation {
	return huma.Operation{
		OperationID: id, Method: method, Path: prefix + path, Summary: summary,
		MaxBodyBytes:    maxBody + 1, // the first number that is too large
		BodyReadTimeout: bodyTime,
	}
}

// OpenAPI is the description of the public API as JSON.
func (a *API) OpenAPI() ([]byte, error) {
	described := a.describe(a.engine())
	a.register(described)
	return json.MarshalIndent(described.OpenAPI(), "", "  ")
}
