// The charts, fetched when a page first draws one, and room for each until then.
import { lazily } from "../lazy";
import type * as Charts from "./charts";

const place = () => <div class="plot-place" />;

type PropsOf<K extends keyof typeof Charts> = Parameters<(typeof Charts)[K]>[0];

export const BothPlot = lazily<PropsOf<"BothPlot">>(() => import("./charts").then((c) => c.BothPlot), place);
export const CoursePlot = lazily<PropsOf<"CoursePlot">>(() => import("./charts").then((c) => c.CoursePlot), () => <div class="plot-place small-place" />);
export const SamplesPlot = lazily<PropsOf<"SamplesPlot">>(() => import("./charts").then((c) => c.SamplesPlot), place);
export const TrendPlot = lazily<PropsOf<"TrendPlot">>(() => import("./charts").then((c) => c.TrendPlot), place);
