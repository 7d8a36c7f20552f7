// The pages that are looked at now and then: scripts of their own.
import { Loading } from "../components/states";
import { lazily } from "../lazy";
import { arrivedAgain } from "../router";

/** The heading takes the focus, and hands it on to that of the page. */
const place = (title: string) => () => <><h1 tabIndex={-1}>{title}</h1><Loading what="the page" /></>;

export const OverheadsPage = lazily(() => import("./overheads").then((m) => m.OverheadsPage), place("Isolation overhead"), arrivedAgain);
export const OverheadPage = lazily<{ slug: string }>(() => import("./overhead").then((m) => m.OverheadPage), place("Isolation overhead"), arrivedAgain);
export const BenchmarkPage = lazily<{ slug: string }>(() => import("./benchmark").then((m) => m.BenchmarkPage), place("Benchmark"), arrivedAgain);
export const ComparePage = lazily(() => import("./compare").then((m) => m.ComparePage), place("Compare"), arrivedAgain);
export const ComparisonPage = lazily<{ id: string }>(() => import("./compare").then((m) => m.ComparisonPage), place("Compare"), arrivedAgain);
export const AlertsPage = lazily(() => import("./alerts").then((m) => m.AlertsPage), place("Alerts"), arrivedAgain);
export const SettingsPage = lazily(() => import("./settings").then((m) => m.SettingsPage), place("Settings"), arrivedAgain);
export const MachinePage = lazily(() => import("./machine").then((m) => m.MachinePage), place("Machine"), arrivedAgain);
export const NewRunPage = lazily(() => import("./new-run").then((m) => m.NewRunPage), place("New run"), arrivedAgain);
