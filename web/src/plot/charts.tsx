// What is loaded only where something is drawn: see lazy.tsx.
export { BothPlot } from "./both";
export { CoursePlot } from "./course";
export { SamplesPlot } from "./samples";
export { TrendPlot } from "./trend";
