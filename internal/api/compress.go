package api

import (
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzhttp"
)

// leastPacked is the smallest answer that is worth compressing, in bytes.
const leastPacked = 8 << 10

// compressed packs long answers for those who take them so: a list of hundreds of
// benchmarks is a megabyte of JSON, and a tenth of that packed.
// The fastest level takes a millisecond for each of its hundred kilobytes.
// Streams go past it, for they must not be held back.
func compressed(next http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(leastPacked), gzhttp.CompressionLevel(1), gzhttp.ContentTypes([]string{"application/json"}))
	if err != nil {
		panic(err) // the options above are constants
	}
	packed := wrap(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/events") {
			next.ServeHTTP(w, r)
			return
		}
		packed.ServeHTTP(w, r)
	})
}
