package main

import (
	"github.com/spf13/cobra"

	"benchcell/internal/api"
)

// openapiCommand prints the description that the dashboard's client is made of.
func openapiCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "openapi",
		Short:   "Print the OpenAPI description of the HTTP API",
		Example: "  orchestrator openapi > openapi.json",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			text, err := api.New(api.Config{Version: version}).OpenAPI()
			if err != nil {
				return err
			}
			_, err = cmd.OutOrStdout().Write(append(text, '\n'))
			return err
		},
	}
}
