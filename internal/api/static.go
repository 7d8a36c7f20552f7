package api

import (
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/vearutop/statigz"

	"benchcell/internal/bench"
)

// serveStatic serves the dashboard: a file where there is one, its single page
// for every other address, so that each view has a link of its own.
func (a *API) serveStatic(engine *gin.Engine) {
	files := statigz.FileServer(folder{a.Static}, packedTwice) // which takes the smallest that a client takes
	engine.NoRoute(func(c *gin.Context) {
		r := c.Request
		if strings.HasPrefix(r.URL.Path, "/api/") {
			noRoute(c)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			c.Header("Allow", "GET, HEAD")
			noMethod(c)
			return
		}
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		info, err := fs.Stat(a.Static, name)
		isFile, isAsset := err == nil && !info.IsDir() && name != page, strings.HasPrefix(name, "assets/")
		switch {
		case !isFile && isAsset: // of another version: a page would be taken for a script
			noRoute(c)
			return
		case !isFile:
			a.servePage(c)
			return
		case isAsset: // the name changes with the content
			c.Header("Cache-Control", "public, max-age=31536000, immutable")
		}
		c.Status(http.StatusOK)
		r.URL.Path = "/" + name
		r.Header.Set("Accept-Encoding", codings(r.Header.Get("Accept-Encoding")))
		r.Header.Del("Range") // the files are small, and a wrong one would be no problem of ours
		files.ServeHTTP(c.Writer, r)
	})
}

// packedTwice adds name.br to the name.gz that is looked for without it.
func packedTwice(s *statigz.Server) {
	s.Encodings = append(s.Encodings, statigz.Encoding{FileExt: ".br", ContentEncoding: "br"})
}

// codings are those of ours that an Accept-Encoding takes: one with a weight of 0
// is refused (RFC 9110, 12.5.3).
func codings(header string) string {
	var taken []string
	for part := range strings.SplitSeq(strings.ToLower(header), ",") {
		name, weight, weighted := strings.Cut(strings.ReplaceAll(part, " ", ""), ";q=")
		q, err := strconv.ParseFloat(weight, 64)
		if (name == "br" || name == "gzip") && (!weighted || err == nil && q > 0) {
			taken = append(taken, name)
		}
	}
	return strings.Join(taken, ",")
}

// folder lists any file system.
type folder struct{ fs.FS }

// ReadDir implements fs.ReadDirFS.
func (f folder) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(f.FS, name) }

// page is the dashboard's single page.
const page = "index.html"

func (a *API) servePage(c *gin.Context) {
	text, err := fs.ReadFile(a.Static, page)
	if err != nil {
		writeProblem(c.Writer, http.StatusNotFound, bench.CodeNotFound,
			"The dashboard was not built into this binary: build it with 'make build'. The API works.")
		return
	}
	c.Header("Content-Security-Policy", pagePolicy)
	c.Header("Cache-Control", "no-cache")
	c.Data(http.StatusOK, "text/html; charset=utf-8", text)
}
