// The pages that are looked at now and then: two scripts, of those that tell
// what was measured and of those about the server. A script for each page would
// cost more than it saves: what they share falls into dozens of small files, and
// those pack badly.
import { Loading } from "../components/states";
import { lazily } from "../lazy";
import { arrivedAgain } from "../router";

/** The heading takes the focus, and hands it on to that of the page. */
const place = (title: string) => () => <><h1 tabIndex={-1}>{title}</h1><Loading what="the page" /></>;

const results = () => import("./results");
const server = () => import("./server");

export const OverheadsPage = lazily(() => results().then((m) => m.OverheadsPage), place("Isolation overhead"), arrivedAgain);
export const OverheadPage = lazily<{ slug: string }>(() => results().then((m) => m.OverheadPage), place("Isolation overhead"), arrivedAgain);
export const BenchmarkPage = lazily<{ slug: string }>(() => results().then((m) => m.BenchmarkPage), place("Benchmark"), arrivedAgain);
export const ComparePage = lazily(() => results().then((m) => m.ComparePage), place("Compare"), arrivedAgain);
export const ComparisonPage = lazily<{ id: string }>(() => results().then((m) => m.ComparisonPage), place("Compare"), arrivedAgain);
export const AlertsPage = lazily(() => results().then((m) => m.AlertsPage), place("Alerts"), arrivedAgain);
export const SettingsPage = lazily(() => server().then((m) => m.SettingsPage), place("Settings"), arrivedAgain);
export const MachinePage = lazily(() => server().then((m) => m.MachinePage), place("Machine"), arrivedAgain);
export const NewRunPage = lazily(() => server().then((m) => m.NewRunPage), place("New run"), arrivedAgain);
