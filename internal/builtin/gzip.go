package builtin

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
)

var gzipText = Function{
	Name:       "gzip",
	Title:      "Gzip (2 MiB of text)",
	Category:   "encoding",
	Target:     200,
	Iterations: 10,
	Setup:      setupGzip,
}

func setupGzip() (*Case, error) {
	text, _ := logText(4, 2<<20)
	var out bytes.Buffer
	writer := gzip.NewWriter(&out)
	if err := compress(writer, &out, text); err != nil {
		return nil, err
	}
	want := bytes.Clone(out.Bytes())
	if err := checkGzip(want, text); err != nil {
		return nil, err
	}
	return pure(func() error {
		if err := compress(writer, &out, text); err != nil {
			return err
		}
		if !bytes.Equal(out.Bytes(), want) {
			return errors.New("the compressed text differs from that of the set-up")
		}
		return nil
	}), nil
}

func compress(writer *gzip.Writer, out *bytes.Buffer, text []byte) error {
	out.Reset()
	writer.Reset(out)
	if _, err := writer.Write(text); err != nil {
		return err
	}
	return writer.Close()
}

func checkGzip(compressed, text []byte) error {
	reader, err := gzip.NewReader(bytes.NewReader(compressed))
	if err != nil {
		return err
	}
	back, err := io.ReadAll(reader)
	if err != nil {
		return err
	}
	if !bytes.Equal(back, text) {
		return fmt.Errorf("%d bytes of text came back as %d others", len(text), len(back))
	}
	return nil
}
