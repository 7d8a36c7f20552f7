package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"benchcell/internal/bench"
)

// Source is a stored tar of files.
type Source struct {
	SHA256 string `json:"sha256"`
	Files  int    `json:"files"`
	Bytes  int    `json:"bytes" doc:"of the tar"`
}

// registerSources takes files that are too many or too large for a request.
func (a *API) registerSources(h huma.API) {
	put := op("put-source", http.MethodPut, "/sources/{sha256}", "Store a tar of files for a definition to name as its source")
	put.DefaultStatus = http.StatusCreated
	put.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"application/x-tar": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}}
	huma.Register(h, put, func(ctx context.Context, in *struct {
		SHA256  string `path:"sha256" pattern:"^[0-9a-f]{64}$" doc:"of the body"`
		RawBody []byte `contentType:"application/x-tar"`
	},
	) (*answer[Source], error) {
		if have := bench.SourceHash(in.RawBody); have != in.SHA256 {
			return nil, problem(bench.Errorf(bench.CodeInvalid, "sha256 is %s and the body has %s", in.SHA256, have))
		}
		files, err := bench.ReadSource(in.RawBody)
		if err != nil {
			return nil, problem(err)
		}
		if _, err := a.Store.SaveSource(ctx, in.RawBody); err != nil {
			return nil, problem(err)
		}
		a.did(ctx, "source "+in.SHA256)
		return &answer[Source]{Source{in.SHA256, len(files), len(in.RawBody)}}, nil
	})
}
