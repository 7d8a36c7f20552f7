package api

import (
	"cmp"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"benchcell/internal/bench"
)

// guard stands before every public handler: who may ask, from where, how often,
// and what a browser may do with the answer.
func (a *API) guard(next http.Handler) http.Handler {
	origins := http.NewCrossOriginProtection()
	origins.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.refused(bench.CallerOf(r.Context()), "cross_origin", r.Method+" "+r.URL.Path+" from "+r.Header.Get("Origin"))
		writeProblem(w, http.StatusForbidden, "cross_origin", "Another site may not change anything here.")
	}))
	checked := origins.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		harden(w.Header())
		if r.ContentLength != 0 { // a body that nobody reads too, since the answer waits for it
			_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTime)) // not every connection can
		}
		r.Host = a.host(r)
		if !a.knownHost(r.Host) {
			a.refused(a.stranger(r), "wrong_host", r.Method+" "+r.Host+r.URL.Path)
			writeProblem(w, http.StatusMisdirectedRequest, "wrong_host",
				"This server does not answer to that name; add it to server.hosts in the configuration.")
			return
		}
		caller, err := a.admit(r)
		if err != nil {
			a.turnAway(w, r, caller, err)
			return
		}
		checked.ServeHTTP(w, r.WithContext(bench.WithCaller(r.Context(), caller)))
	})
}

// admit says who asks, or why nobody is let in. Each request counts for its
// client; where nobody must say who they are there is only one, who may hurry.
func (a *API) admit(r *http.Request) (bench.Caller, error) {
	stranger := a.stranger(r)
	if err := a.cameByRight(r); err != nil {
		return stranger, err
	}
	if !a.Access.Asked() {
		stranger.Name, stranger.Role, stranger.Door = "loopback", bench.Admin, bench.DoorLoopback
		return stranger, nil
	}
	caller, err := a.identify(r, stranger)
	if busy := a.Access.Admit(client(caller)); busy != nil {
		return stranger, busy
	}
	return caller, err
}

func (a *API) stranger(r *http.Request) bench.Caller {
	return bench.Caller{Name: "somebody", Address: a.address(r).String()}
}

// client is whom a request counts for: who shows a token, or else an address.
func client(c bench.Caller) string {
	if name := c.Share(); name != "" {
		return "token " + name
	}
	return c.Address
}

// identify is who a request says it is from, if it can prove that.
func (a *API) identify(r *http.Request, stranger bench.Caller) (bench.Caller, error) {
	if isOpen(r.URL.Path) || a.isScraper(r) {
		return stranger, nil
	}
	caller, err := stranger, error(errWho)
	if text := shownToken(r); text != "" {
		caller, err = a.Access.ByToken(r.Context(), text, stranger.Address)
	} else if cookie, none := r.Cookie(cookieName); none == nil {
		if changes(r) && r.Header.Get(ownHeader) == "" {
			return stranger, bench.Errorf(bench.CodeForbidden, "a change by a logged-in browser needs the header %s, which no form can send", ownHeader)
		}
		caller, err = a.Access.BySession(r.Context(), cookie.Value, stranger.Address)
	}
	if err != nil {
		return stranger, err
	}
	return caller, nil
}

// errWho is the one answer to all who can't be known: it tells none of them why.
var errWho = bench.Errorf(bench.CodeUnauthorized, "A token that holds is needed: send 'Authorization: Bearer TOKEN', or give it as the password.")

// ownHeader is sent by the dashboard with all that it asks for.
const ownHeader = "X-Benchcell"

func changes(r *http.Request) bool {
	return r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodOptions
}

// isOpen names what is for everybody: health tells nothing, and the login page
// is there to be found.
func isOpen(path string) bool {
	return path == "/healthz" || path == "/readyz" || path == loginPath || path == logoutPath
}

// isScraper knows who may read the metrics and nothing else.
func (a *API) isScraper(r *http.Request) bool {
	want, have := sha256.Sum256([]byte(a.MetricsToken)), sha256.Sum256([]byte(shownToken(r)))
	return a.MetricsToken != "" && r.URL.Path == metricsPath && subtle.ConstantTimeCompare(want[:], have[:]) == 1
}

// shownToken is the token that a request carries, "" for none.
func shownToken(r *http.Request) string {
	scheme, given, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if strings.EqualFold(scheme, "Bearer") {
		return given
	}
	_, given, _ = r.BasicAuth()
	return given
}

// turnAway answers who is not let in: a browser that looks for a page is shown
// where to log in.
func (a *API) turnAway(w http.ResponseWriter, r *http.Request, c bench.Caller, err error) {
	code := bench.CodeOf(err)
	a.refused(c, string(code), r.Method+" "+r.URL.Path)
	var e *bench.Error
	switch {
	case code == bench.CodeUnauthorized && looksForAPage(r):
		http.Redirect(w, r, loginPath+"?"+url.Values{"next": {r.URL.RequestURI()}}.Encode(), http.StatusSeeOther)
		return
	case code == bench.CodeUnauthorized:
		w.Header().Set("WWW-Authenticate", challenge(r))
		err = errWho
	case errors.As(err, &e) && e.Retry > 0:
		w.Header().Set("Retry-After", seconds(e.Retry))
	case statuses[code] == 0:
		a.Log.Error("who asks could not be found out", "error", err)
		err = errors.New("the server made a mistake; its log says more")
	}
	writeProblem(w, cmp.Or(statuses[code], http.StatusInternalServerError), code, err.Error())
}
