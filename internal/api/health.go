package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"benchcell/internal/bench"
)

// metricsPath is where Prometheus reads.
const metricsPath = "/metrics"

// serveHealth answers those who keep the server running.
func (a *API) serveHealth(engine *gin.Engine) {
	engine.GET("/healthz", func(c *gin.Context) { c.JSON(http.StatusOK, gin.H{"status": "ok"}) })
	engine.GET("/readyz", func(c *gin.Context) {
		if err := a.Store.Ready(); err != nil {
			writeProblem(c.Writer, http.StatusServiceUnavailable, bench.CodeOf(err), err.Error())
			return
		}
		c.JSON(http.StatusOK, gin.H{"status": "ready"})
	})
	if a.Metrics != nil {
		engine.GET(metricsPath, gin.WrapH(a.Metrics))
	}
}
