package api

import (
	"io/fs"
	"net/http"
	"path"
	"strings"

	"github.com/gin-gonic/gin"
)

// serveStatic serves the dashboard: a file where there is one, its single page
// for every other address, so that each view has a link of its own.
func (a *API) serveStatic(engine *gin.Engine) {
	files := http.FileServerFS(a.Static)
	engine.NoRoute(func(c *gin.Context) {
		r := c.Request
		if strings.HasPrefix(r.URL.Path, "/api/") {
			writeProblem(c.Writer, http.StatusNotFound, "not_found", "There is nothing at this address; "+prefix+"/openapi.json describes the API.")
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			writeProblem(c.Writer, http.StatusMethodNotAllowed, "method_not_allowed", "This address does not take "+r.Method+".")
			return
		}
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		if info, err := fs.Stat(a.Static, name); name != "" && err == nil && !info.IsDir() {
			if strings.HasPrefix(name, "assets/") {
				// The name changes with the content.
				c.Header("Cache-Control", "public, max-age=31536000, immutable")
			}
			c.Status(http.StatusOK)
			files.ServeHTTP(c.Writer, r)
			return
		}
		a.servePage(c)
	})
}

func (a *API) servePage(c *gin.Context) {
	page, err := fs.ReadFile(a.Static, "index.html")
	if err != nil {
		c.String(http.StatusNotFound, "The dashboard was not built into this binary: build it with 'make build'. The API works.\n")
		return
	}
	c.Header("Cache-Control", "no-cache")
	c.Data(http.StatusOK, "text/html; charset=utf-8", page)
}
