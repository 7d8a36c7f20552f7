import { useEffect, useErrorBoundary } from "preact/hooks";
import { Help } from "./components/help";
import { Notices } from "./components/notices";
import { Sidebar } from "./components/sidebar";
import { TopBar } from "./components/topbar";
import { ActivityPage } from "./pages/activity";
import { MissingPage } from "./pages/missing";
import { AlertsPage, BenchmarkPage, ComparePage, ComparisonPage, MachinePage, NewRunPage, OverheadPage, OverheadsPage, SettingsPage } from "./pages/lazy";
import { OverviewPage } from "./pages/overview";
import { RunPage } from "./pages/run";
import { arrived, url } from "./router";
import { routeOf } from "./routes";

export function App() {
  const moves = arrived.value;
  useEffect(() => {
    // Whoever can't see the page change hears its title.
    if (moves > 0) document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true });
  }, [moves]);
  return (
    <>
      <a class="skip" href="#main">Skip to the content</a>
      <Sidebar />
      <div class="content">
        <TopBar />
        <Notices />
        <main id="main" tabIndex={-1}>
          <Page key={url.value.pathname} />
        </main>
      </div>
      <Help />
    </>
  );
}

function Page() {
  const [broken, reset] = useErrorBoundary((error) => console.error(error));
  if (broken) {
    return (
      <div class="note bad" role="alert">
        <p><strong>This page met an error of its own.</strong> Nothing on the server is affected. {String(broken)}</p>
        <button type="button" onClick={reset}>Try again</button>
      </div>
    );
  }
  const route = routeOf(url.value.pathname);
  switch (route.page) {
    case "overview":
      return <OverviewPage />;
    case "benchmark":
      return <BenchmarkPage slug={route.slug} />;
    case "activity":
      return <ActivityPage />;
    case "run":
      return <RunPage id={route.id} />;
    case "overheads":
      return <OverheadsPage />;
    case "overhead":
      return <OverheadPage slug={route.slug} />;
    case "compare":
      return <ComparePage />;
    case "comparison":
      return <ComparisonPage id={route.id} />;
    case "alerts":
      return <AlertsPage />;
    case "settings":
      return <SettingsPage />;
    case "machine":
      return <MachinePage />;
    case "new":
      return <NewRunPage />;
    default:
      return <MissingPage />;
  }
}
