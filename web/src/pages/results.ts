// One script: see lazy.tsx.
export { AlertsPage } from "./alerts";
export { BenchmarkPage } from "./benchmark";
export { ComparePage, ComparisonPage } from "./compare";
export { OverheadPage } from "./overhead";
export { OverheadsPage } from "./overheads";
