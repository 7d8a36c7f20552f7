package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"
)

// stopGrace is how long runs may go on when the server is told to stop.
const stopGrace = 5 * time.Second

// answerTime is how long an answer may take, the longest wait for a run included.
const answerTime = 6 * time.Minute

type serveFlags struct{ config, listen, data string }

func serveCommand() *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the dashboard and the API",
		Long: "Serve the dashboard and the API, and run what is asked for there. The address is printed.\n" +
			"It listens on loopback; on any other address it wants a token, and TLS or a proxy that it is told to trust.",
		Example: "  orchestrator serve\n  orchestrator serve --config bench.toml --listen 127.0.0.1:9000 --data /var/lib/benchcell",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return serve(cmd.Context(), f, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	addConfigFlags(cmd, &f.config, &f.data)
	cmd.Flags().StringVar(&f.listen, "listen", "", "address to listen on (default: server.listen of the configuration)")
	return cmd
}

func addConfigFlags(cmd *cobra.Command, config, data *string) {
	cmd.Flags().StringVar(config, "config", os.Getenv("BENCHCELL_CONFIG"), "configuration file (default: config.toml here, else the built-in one)")
	cmd.Flags().StringVar(data, "data", "", "data folder (default: data beside the configuration file, else ~/.local/share/benchcell)")
}

// commandConfig is the configuration of a command that a person typed: what is
// doubtful in it is said where they look.
func commandConfig(cmd *cobra.Command, file string) (*Config, error) {
	c, err := loadConfig(file, func(w string) { fmt.Fprintln(cmd.ErrOrStderr(), "warning:", w) })
	if err != nil {
		return nil, usageError{err}
	}
	return c, nil
}

func serve(ctx context.Context, f serveFlags, stdout, stderr io.Writer) error {
	log := slog.New(slog.NewTextHandler(stderr, nil))
	c, err := loadConfig(f.config, func(w string) { log.Warn(w) })
	if err != nil {
		return usageError{err}
	}
	flags := map[string]string{}
	if f.listen != "" {
		c.Server.Listen, flags["server.listen"] = f.listen, "--listen"
	}
	if f.data != "" {
		flags["server.data"] = "--data"
	}
	if err := c.Server.checkListen(); err != nil {
		return usageError{err}
	}
	path, err := dataPath(f.data, c)
	if err != nil {
		return err
	}
	data, err := openData(path, owner{Server: true})
	if err != nil {
		return err
	}
	e, err := newEngine(ctx, c, data, engineOptions{
		grace:   stopGrace,
		warm:    c.Isolation.Container.Warm,
		judging: true,
		flags:   flags,
		waiting: func(holder string) { log.Info("waiting for another measurement on this host", "holder", holder) },
	}, log)
	if err != nil {
		return errors.Join(err, data.close())
	}
	listener, url, err := e.open(ctx)
	if err != nil {
		return errors.Join(err, e.store.Close(), data.close())
	}
	return e.run(ctx, func(ctx context.Context) error {
		operator, err := listenOperator(data.path)
		if err != nil {
			return err
		}
		if err := data.state(owner{Server: true, URL: url}); err != nil {
			return err
		}
		fmt.Fprintf(stdout, "benchcell serves on %s\n", url)
		log.Info("serving", "url", url, "data", data.path, "version", version)
		return serveHTTP(ctx, log, map[net.Listener]http.Handler{listener: e.api.Public(), operator: e.api.Operator()})
	})
}

// open is the door for others, if they can be let in.
func (e *engine) open(ctx context.Context) (net.Listener, string, error) {
	if err := e.config.Server.checkTokens(e.access.Armed()); err != nil {
		return nil, "", usageError{err}
	}
	return e.config.listen(ctx, e.log)
}

// serveHTTP serves each listener with its handler until ctx ends.
func serveHTTP(ctx context.Context, log *slog.Logger, doors map[net.Listener]http.Handler) error {
	results := make(chan error, len(doors))
	var servers []*http.Server
	// Streams end when we stop: they would hold up the shutdown for ever.
	requests, endRequests := context.WithCancel(context.WithoutCancel(ctx))
	defer endRequests()
	for listener, handler := range doors {
		server := &http.Server{
			Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
			WriteTimeout: answerTime, // streams move it on with each message
			BaseContext:  func(net.Listener) context.Context { return requests },
			ErrorLog:     slog.NewLogLogger(log.Handler(), slog.LevelDebug),
		}
		servers = append(servers, server)
		go func() { results <- server.Serve(listener) }()
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-results:
	}
	endRequests()
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	for _, s := range servers {
		if s.Shutdown(stop) != nil {
			_ = s.Close()
		}
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
