// One script: see lazy.tsx.
export { MachinePage } from "./machine";
export { NewRunPage } from "./new-run";
export { SettingsPage } from "./settings";
