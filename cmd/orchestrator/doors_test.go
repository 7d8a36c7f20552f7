package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"benchcell/internal/sandbox/sandboxtest"
)

// certify writes a certificate of its own with a serial number, and its key.
func certify(t *testing.T, dir string, serial int64) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"localhost"},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for name, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: pkcs8}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

// encrypted starts a server with TLS on loopback.
func encrypted(t *testing.T, env ...string) (s *server, dir string) {
	t.Helper()
	dir = t.TempDir()
	certify(t, dir, 1)
	config := filepath.Join(dir, "config.toml")
	text := "[server]\ntls_cert = \"cert.pem\"\ntls_key = \"key.pem\"\n" + sleepers // beside the configuration
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return startServer(t, t.TempDir(), config, env...), dir
}

func dialTLS(t *testing.T, s *server, c *tls.Config) (*tls.Conn, error) {
	t.Helper()
	c.InsecureSkipVerify = true
	return tls.Dial("tcp", strings.TrimPrefix(s.url, "https://"), c)
}

func TestTLS(t *testing.T) {
	s, dir := encrypted(t)
	if !strings.HasPrefix(s.url, "https://") {
		t.Fatalf("it says %s", s.url)
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: true}}
	response, err := client.Get(s.url + "/api/v1/me")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if text, _ := io.ReadAll(response.Body); response.StatusCode != http.StatusOK || response.ProtoMajor != 2 {
		t.Errorf("%s %s %s", response.Proto, response.Status, text)
	}
	if conn, err := dialTLS(t, s, &tls.Config{MaxVersion: tls.VersionTLS11}); err == nil {
		t.Errorf("TLS 1.1 was taken: %x", conn.ConnectionState().Version)
	}
	plain, err := http.Get("http://" + strings.TrimPrefix(s.url, "https://") + "/api/v1/me")
	if err == nil {
		defer plain.Body.Close()
		if plain.StatusCode != http.StatusBadRequest {
			t.Errorf("without TLS: %s", plain.Status)
		}
	}
	serial := func() int64 {
		conn, err := dialTLS(t, s, &tls.Config{})
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		return conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
	}
	certify(t, dir, 2)
	if got := serial(); got != 2 {
		t.Errorf("after a renewal it shows certificate %d", got)
	}
	if err := os.WriteFile(filepath.Join(dir, "cert.pem"), []byte("broken"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := serial(); got != 2 {
		t.Errorf("after a broken renewal it shows certificate %d", got)
	}
}

// Two machines on a wire: network namespaces that end with the test.
func wire(t *testing.T) (here, there func(name string, args ...string) *exec.Cmd) {
	t.Helper()
	sandboxtest.NeedRoot(t)
	ip := sandboxtest.NeedProgram(t, "ip")
	a, b := fmt.Sprintf("bc-%d-a", os.Getpid()), fmt.Sprintf("bc-%d-b", os.Getpid())
	for _, step := range []string{
		"netns add " + a, "netns add " + b, "-n " + a + " link add wire type veth peer name wire netns " + b,
		"-n " + a + " addr add 198.51.100.1/24 dev wire", "-n " + b + " addr add 198.51.100.2/24 dev wire",
		"-n " + a + " link set wire up", "-n " + b + " link set wire up", "-n " + a + " link set lo up", "-n " + b + " link set lo up",
	} {
		out, err := exec.Command(ip, strings.Fields(step)...).CombinedOutput()
		if name, ok := strings.CutPrefix(step, "netns add "); ok && err == nil {
			t.Cleanup(func() { _ = exec.Command(ip, "netns", "delete", name).Run() })
		}
		if err != nil {
			sandboxtest.Need(t, "netns", fmt.Sprintf("no network of our own: ip %s: %v: %s", step, err, out))
		}
	}
	in := func(namespace string) func(string, ...string) *exec.Cmd {
		return func(name string, args ...string) *exec.Cmd {
			return exec.Command(ip, append([]string{"netns", "exec", namespace, name}, args...)...)
		}
	}
	return in(a), in(b)
}

// From another machine nobody gets in without a token, a viewer can't run, and
// no token is in a log.
func TestFromAnotherMachine(t *testing.T) {
	here, there := wire(t)
	curl := sandboxtest.NeedProgram(t, "curl")
	program, data, dir := orchestrator(t), t.TempDir(), t.TempDir()
	cert, key := certify(t, dir, 1)
	config := write(t, "config.toml", sleepers)
	base := []string{"--data", data, "--config", config}
	open := here(program, append([]string{"serve", "--listen", "198.51.100.1:0"}, base...)...)
	if out, err := open.CombinedOutput(); err == nil || !strings.Contains(string(out), "open to other machines") {
		t.Fatalf("it started without a token: %v %s", err, out)
	}
	token := func(role string) string {
		out, _, code := orchestrate(t, append([]string{"token", "create", "--role", role, "--name", role}, base...)...)
		if code != 0 {
			t.Fatalf("token create: %d", code)
		}
		return strings.TrimSpace(out)
	}
	viewer, runner := token("viewer"), token("runner")
	cmd := here(program, append([]string{"serve", "--listen", "198.51.100.1:0"}, base...)...)
	cmd.Env = append(os.Environ(), "BENCHCELL_SERVER_TLS_CERT="+cert, "BENCHCELL_SERVER_TLS_KEY="+key)
	s := launch(t, cmd, data)
	ask := func(token, method, path, body string) (status, answer string) {
		args := []string{"-sk", "-m", "30", "-X", method, "-w", "\n%{http_code}", s.url + "/api/v1" + path}
		if token != "" {
			args = append(args, "-H", "Authorization: Bearer "+token)
		}
		if body != "" {
			args = append(args, "-H", "Content-Type: application/json", "-d", body)
		}
		out, err := there(curl, args...).Output()
		if err != nil {
			t.Fatalf("curl %v: %v", args, err)
		}
		answer, status, _ = strings.Cut(string(out), "\n")
		return strings.TrimSpace(status), answer
	}
	const run = `{"benchmark":"quick"}`
	for _, c := range []struct{ token, method, path, body, status string }{
		{"", "GET", "/runs", "", "401"},
		{"", "POST", "/runs", run, "401"},
		{"bc_WRONG", "GET", "/runs", "", "401"},
		{viewer, "GET", "/runs", "", "200"},
		{viewer, "POST", "/runs", run, "403"},
		{viewer, "POST", "/tokens", `{"name":"x","role":"admin"}`, "403"},
		{runner, "POST", "/runs?wait=60", run, "202"},
		{runner, "GET", "/audit", "", "403"},
	} {
		if status, answer := ask(c.token, c.method, c.path, c.body); status != c.status {
			t.Errorf("%s %s: %s %s", c.method, c.path, status, answer)
		}
	}
	out, _, _ := orchestrate(t, append([]string{"audit"}, base...)...)
	for _, line := range []string{"runner +token +198.51.100.2 +done +create-run", "viewer +token +198.51.100.2 +refused +create-run"} {
		if !regexp.MustCompile(line).MatchString(out) {
			t.Errorf("the audit log lacks %s:\n%s", line, out)
		}
	}
	s.stop(syscall.SIGTERM)
	for _, secret := range []string{viewer, runner, "bc_WRONG"} {
		if strings.Contains(s.stderr.String()+out, secret) {
			t.Errorf("a token is in a log")
		}
		err := filepath.WalkDir(data, func(path string, d os.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			text, err := os.ReadFile(path)
			if bytes.Contains(text, []byte(secret)) {
				t.Errorf("a token is in %s", path)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// Who opens many connections and says nothing keeps nobody else out, and is
// not waited for.
func TestASlowClientIsCutOff(t *testing.T) {
	s := startServer(t, t.TempDir(), write(t, "config.toml", sleepers))
	address := strings.TrimPrefix(s.url, "http://")
	for name, begin := range map[string]string{
		"nothing": "", "half a header": "GET / HTTP/1.1\r\nHost: localhost\r\nX-A: b", "half a body": "POST /api/v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{",
		"half a form":               "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\ntoken=",
		"half of what nobody reads": "POST /nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nx",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if _, err := conn.Write([]byte(begin)); err != nil {
				t.Fatal(err)
			}
			_ = conn.SetReadDeadline(time.Now().Add(2 * time.Minute)) // a server that waits for ever fails here
			if _, err := io.Copy(io.Discard, conn); err != nil && strings.Contains(err.Error(), "timeout") {
				t.Error("it was waited for")
			}
		})
	}
}

func TestLargeHeadersAreRefused(t *testing.T) {
	s := startServer(t, t.TempDir(), write(t, "config.toml", sleepers))
	request, err := http.NewRequest(http.MethodGet, s.url+"/api/v1/me", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Large", strings.Repeat("x", 1<<20))
	response, err := http.DefaultClient.Do(request)
	if err == nil {
		defer response.Body.Close()
		if response.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
			t.Errorf("a megabyte of header: %s", response.Status)
		}
	}
}

// pipes is a listener of connections that come from where we say.
type pipes chan net.Conn

func (p pipes) Accept() (net.Conn, error) {
	if c, ok := <-p; ok {
		return c, nil
	}
	return nil, net.ErrClosed
}
func (pipes) Close() error   { return nil }
func (pipes) Addr() net.Addr { return &net.TCPAddr{} }

type fromAddress struct {
	net.Conn
	at string
}

func (c fromAddress) RemoteAddr() net.Addr {
	return net.TCPAddrFromAddrPort(netip.MustParseAddrPort(c.at))
}

func TestTheGate(t *testing.T) {
	comes := make(pipes, 1)
	g := newGate(comes, 16, netip.Addr.IsLoopback) // and two of one address
	come := func(at string) (inside net.Conn, let bool) {
		client, conn := net.Pipe()
		comes <- fromAddress{conn, at}
		// One that is always let in comes behind, so that Accept answers for both.
		_, last := net.Pipe()
		accepted := make(chan net.Conn, 1)
		go func() { c, _ := g.Accept(); accepted <- c }()
		comes <- fromAddress{last, "127.0.0.1:1"}
		first := <-accepted
		if first.RemoteAddr().String() == "127.0.0.1:1" {
			_ = first.Close()
			if _, err := client.Read(make([]byte, 1)); err == nil {
				t.Error("who is not let in is not hung up on")
			}
			return nil, false
		}
		second, _ := g.Accept()
		_ = second.Close()
		return first, true
	}
	a, letA := come("192.0.2.1:1")
	_, letB := come("192.0.2.1:2")
	_, letC := come("[::ffff:192.0.2.1]:3")
	_, letD := come("192.0.2.2:1")
	if !letA || !letB || letC || !letD {
		t.Errorf("let in: %v %v %v %v", letA, letB, letC, letD)
	}
	_, _ = a.Close(), a.Close() // which counts once
	if _, let := come("192.0.2.1:4"); !let {
		t.Error("a place that was left is not given again")
	}
	if _, let := come("192.0.2.1:5"); let {
		t.Error("one that left twice made two places")
	}
	if g.all != 3 || len(g.of) != 2 {
		t.Errorf("%d inside, of %v", g.all, g.of)
	}
}
