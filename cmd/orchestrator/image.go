package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/spf13/cobra"
)

func imageCommand() *cobra.Command {
	var config string
	cmd := &cobra.Command{
		Use:   "image",
		Short: "Make the images that containers start from",
		Long: "Make the runner's own image, and put the runner on top of every image that the configuration names,\n" +
			"so that the first run in a container does not wait for it. The server does the same by itself.",
		Example: "  orchestrator image\n  orchestrator image --config bench.toml",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := commandConfig(cmd, config)
			if err != nil {
				return err
			}
			return makeImages(cmd, c)
		},
	}
	cmd.Flags().StringVar(&config, "config", os.Getenv("BENCHCELL_CONFIG"), "configuration file")
	return cmd
}

func makeImages(cmd *cobra.Command, c *Config) error {
	b, err := containerBackend(c, "", "", 0, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		return err
	}
	made, err := b.Prepare(cmd.Context())
	for _, image := range made {
		fmt.Fprintf(cmd.OutOrStdout(), "%s (for %s)\n", image.Made, image.For)
	}
	return err
}
