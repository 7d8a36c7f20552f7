package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"benchcell/internal/bench"
)

// SettingList is the configuration in force.
type SettingList struct {
	Settings []bench.Setting `json:"settings"`
}

func (a *API) registerSettings(h huma.API) {
	huma.Register(h, op("list-settings", http.MethodGet, "/settings", "The configuration in force, and where each value comes from"),
		func(context.Context, *struct{}) (*answer[SettingList], error) {
			return &answer[SettingList]{SettingList{append([]bench.Setting{}, a.Settings...)}}, nil
		})
}
