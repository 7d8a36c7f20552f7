// Package web holds the dashboard as it is served. It is built into static by
// 'make build'; without that the server says so and the API works.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:static
var files embed.FS

// Static is the folder that the browser sees.
func Static() fs.FS {
	static, err := fs.Sub(files, "static")
	if err != nil {
		panic(err) // the folder is named two lines above
	}
	return static
}
