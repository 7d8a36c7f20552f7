// What our charts have in common: quiet axes, and lines and bands for what is
// constant.
import uPlot from "uplot";
import type { Colours } from "./colours";
import { tickTexts } from "./range";

/** `x` names what is at an index; a name that the one before it has too says nothing. */
export function axes(c: Colours, x: (at: number) => string): uPlot.Axis[] {
  const common = { stroke: c.grey, font: c.font, ticks: { show: false } };
  return [
    { ...common, grid: { show: false }, gap: 6, size: 28, space: 90, values: (_, splits) => once(splits.map((s) => (Number.isInteger(s) ? x(s) : ""))) },
    { ...common, grid: { stroke: c.line, width: 1 }, gap: 6, size: 58, space: 36, values: (_, splits) => tickTexts(splits) },
  ];
}

function once(names: string[]): string[] {
  let last = "";
  return names.map((name) => (name === last ? "" : name && (last = name)));
}

interface Stroke {
  colour: string;
  width: number;
  dash?: number[];
}

/** A level line across the chart, if it is in range. */
export function levelLine(u: uPlot, value: number | null, stroke: Stroke): void {
  const { left, width } = u.bbox;
  line(u, "y", value, stroke, (y) => [left, y, left + width, y]);
}

/** A line from top to bottom, if it is in range. */
export function sheerLine(u: uPlot, value: number | null, stroke: Stroke): void {
  const { top, height } = u.bbox;
  line(u, "x", value, stroke, (x) => [x, top, x, top + height]);
}

function line(u: uPlot, scale: "x" | "y", value: number | null, stroke: Stroke, ends: (at: number) => [number, number, number, number]): void {
  const { min, max } = u.scales[scale] ?? {};
  if (value === null || min == null || max == null || value < min || value > max) return;
  const [x1, y1, x2, y2] = ends(Math.round(u.valToPos(value, scale, true)) + 0.5);
  const { ctx } = u;
  ctx.save();
  ctx.strokeStyle = stroke.colour;
  ctx.lineWidth = stroke.width * devicePixelRatio;
  ctx.setLineDash((stroke.dash ?? []).map((d) => d * devicePixelRatio));
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
  ctx.restore();
}

/** A level band across the chart. */
export function levelBand(u: uPlot, low: number, high: number, colour: string): void {
  const top = u.valToPos(high, "y", true);
  u.ctx.fillStyle = colour;
  u.ctx.fillRect(u.bbox.left, top, u.bbox.width, Math.max(1, u.valToPos(low, "y", true) - top));
}

/** A band from top to bottom. */
export function sheerBand(u: uPlot, low: number, high: number, colour: string): void {
  const left = u.valToPos(low, "x", true);
  u.ctx.fillStyle = colour;
  u.ctx.fillRect(left, u.bbox.top, Math.max(1, u.valToPos(high, "x", true) - left), u.bbox.height);
}

export const dashes = [4, 4];

/** A cursor that reads out and does not zoom. */
export const cursor: uPlot.Cursor = { y: false, drag: { x: false, y: false, setScale: false } };
