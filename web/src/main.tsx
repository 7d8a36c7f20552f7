import "uplot/dist/uPlot.min.css";
import "./style/base.css";
import "./style/shell.css";
import "./style/parts.css";
import "./style/table.css";
import "./style/overview.css";
import "./style/run.css";
import "./style/pages.css";
import { render } from "preact";
import { App } from "./app";
import { startKeyboard } from "./keyboard";
import { startActive } from "./live/active";
import { startBenchmarks } from "./live/benchmarks";
import { startCapabilities } from "./live/capabilities";
import { startClock } from "./live/clock";
import { startEvents } from "./live/events";
import { startRouter } from "./router";

startRouter();
startKeyboard();
startClock();
startEvents();
startCapabilities();
startActive();
startBenchmarks();

const root = document.getElementById("app");
if (root) render(<App />, root);
