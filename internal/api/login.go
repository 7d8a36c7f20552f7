package api

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"errors"
	"html/template"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"benchcell/internal/bench"
)

// The login page is made here and not in the dashboard: it must be there before
// anybody may read the dashboard's files, and it works without JavaScript.
const (
	loginPath  = "/login"
	logoutPath = "/logout"
	cookieName = "benchcell"
)

// maxForm bounds what is sent to log in, in bytes.
const maxForm = 8 << 10

var (
	//go:embed login.html
	loginText string
	//go:embed login.css
	loginStyle    string
	loginTemplate = template.Must(template.New("login").Parse(loginText))
	loginCSP      = "default-src 'none'; style-src 'sha256-" + styleHash() + "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

func styleHash() string {
	sum := sha256.Sum256([]byte(loginStyle))
	return base64.StdEncoding.EncodeToString(sum[:])
}

type loginView struct {
	Style   template.CSS
	Next    string
	Problem string
}

func (a *API) serveLogin(engine *gin.Engine) {
	engine.GET(loginPath, func(c *gin.Context) {
		next := local(c.Query("next"))
		if !a.Access.Asked() || a.loggedIn(c.Request) {
			c.Redirect(http.StatusSeeOther, next)
			return
		}
		showLogin(c, http.StatusOK, next, "")
	})
	engine.POST(loginPath, a.login)
	engine.POST(logoutPath, a.logout)
}

func (a *API) loggedIn(r *http.Request) bool {
	cookie, err := r.Cookie(cookieName)
	if err != nil {
		return false
	}
	_, err = a.Access.BySession(r.Context(), cookie.Value, a.address(r).String())
	return err == nil
}

func (a *API) login(c *gin.Context) {
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, maxForm)
	next := local(c.PostForm("next"))
	if !a.Access.Asked() {
		c.Redirect(http.StatusSeeOther, next)
		return
	}
	stranger := bench.CallerOf(c.Request.Context())
	cookie, caller, err := a.Access.Login(c.Request.Context(), c.PostForm("token"), stranger.Address)
	if err != nil {
		a.refuseLogin(c, stranger, next, err)
		return
	}
	a.note(caller, "login", "", bench.AuditDone)
	a.setCookie(c, cookie, int(a.Access.Session.Seconds()))
	c.Redirect(http.StatusSeeOther, next)
}

func (a *API) refuseLogin(c *gin.Context, stranger bench.Caller, next string, err error) {
	code := bench.CodeOf(err)
	a.refused(stranger, "login", string(code))
	status, words := statuses[code], "This token is not known, or it holds no more."
	var e *bench.Error
	switch {
	case errors.As(err, &e) && e.Retry > 0:
		c.Header("Retry-After", seconds(e.Retry))
		words = "Too many wrong tokens came from your address: try again in " + seconds(e.Retry) + " s."
	case status != http.StatusUnauthorized:
		a.Log.Error("a login failed", "error", err)
		status, words = http.StatusInternalServerError, "The server made a mistake; its log says more."
	}
	showLogin(c, status, next, words)
}

func (a *API) logout(c *gin.Context) {
	if cookie, err := c.Request.Cookie(cookieName); err == nil {
		ctx := c.Request.Context()
		caller, err := a.Access.BySession(ctx, cookie.Value, bench.CallerOf(ctx).Address)
		if err == nil {
			a.note(caller, "logout", "", bench.AuditDone)
			err = a.Access.Logout(ctx, cookie.Value)
		}
		if err != nil && bench.CodeOf(err) != bench.CodeUnauthorized {
			writeProblem(c.Writer, http.StatusInternalServerError, bench.CodeInternal, "The server could not end the login; its log says more.")
			a.Log.Error("a logout failed", "error", err)
			return
		}
	}
	a.setCookie(c, "", -1)
	c.Redirect(http.StatusSeeOther, loginPath)
}

func (a *API) setCookie(c *gin.Context, value string, age int) {
	http.SetCookie(c.Writer, &http.Cookie{
		Name: cookieName, Value: value, Path: "/", MaxAge: age,
		HttpOnly: true, Secure: a.secure(c.Request), SameSite: http.SameSiteStrictMode,
	})
}

func showLogin(c *gin.Context, status int, next, problem string) {
	c.Header("Content-Security-Policy", loginCSP)
	c.Header("Cache-Control", "no-store")
	c.Header("Content-Type", "text/html; charset=utf-8")
	c.Status(status)
	view := loginView{Style: template.CSS(loginStyle), Next: next, Problem: problem} //nolint:gosec // it is ours
	_ = loginTemplate.Execute(c.Writer, view)                                        // the client may be gone
}

// local is an address of this server's to go on to, whatever somebody put there.
func local(next string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") || strings.HasPrefix(next, loginPath) {
		return "/"
	}
	return next
}
