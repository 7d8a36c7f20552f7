// uPlot hangs all that it can do on one function, so that a bundler must keep
// bars, splines and calendars which nobody here draws. Without those lines it
// drops them: three kilobytes less for the reader.
import { readFileSync } from "node:fs";

const from = "uPlot.assign = assign;";
const to = "export { uPlot as default };";

export const leanPlot = {
  name: "lean-plot",
  setup(build) {
    build.onLoad({ filter: /uPlot\.esm\.js$/ }, ({ path }) => {
      const source = readFileSync(path, "utf8");
      const [start, end] = [source.indexOf(from), source.indexOf(to)];
      if (start < 0 || end < start) throw new Error("uPlot has changed: look at scripts/lean-plot.mjs");
      return { contents: source.slice(0, start) + source.slice(end), loader: "js" };
    });
  },
};
