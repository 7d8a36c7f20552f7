// What is loaded only where something is drawn: see lazy.tsx.
export { SamplesPlot } from "./samples";
export { TrendPlot } from "./trend";
