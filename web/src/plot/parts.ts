// What our charts have in common: quiet axes, and lines and bands for what is
// constant.
import uPlot from "uplot";
import type { Colours } from "./colours";
import { tickTexts } from "./range";

export function axes(c: Colours, x: (at: number) => string): uPlot.Axis[] {
  const common = { stroke: c.grey, font: c.font, ticks: { show: false } };
  return [
    { ...common, grid: { show: false }, gap: 6, size: 28, space: 90, values: (_, splits) => splits.map((s) => (Number.isInteger(s) ? x(s) : "")) },
    { ...common, grid: { stroke: c.line, width: 1 }, gap: 6, size: 58, space: 36, values: (_, splits) => tickTexts(splits) },
  ];
}

interface Stroke {
  colour: string;
  width: number;
  dash?: number[];
}

/** A level line across the chart, if it is in range. */
export function levelLine(u: uPlot, value: number | null, stroke: Stroke): void {
  const { min, max } = u.scales["y"] ?? {};
  if (value === null || min == null || max == null || value < min || value > max) return;
  const y = Math.round(u.valToPos(value, "y", true)) + 0.5;
  const { ctx, bbox } = u;
  ctx.save();
  ctx.strokeStyle = stroke.colour;
  ctx.lineWidth = stroke.width * devicePixelRatio;
  ctx.setLineDash((stroke.dash ?? []).map((d) => d * devicePixelRatio));
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}

/** A level band across the chart. */
export function levelBand(u: uPlot, low: number, high: number, colour: string): void {
  const { ctx, bbox } = u;
  const top = u.valToPos(high, "y", true);
  ctx.save();
  ctx.fillStyle = colour;
  ctx.fillRect(bbox.left, top, bbox.width, Math.max(1, u.valToPos(low, "y", true) - top));
  ctx.restore();
}

export const dashes = [4, 4];

/** A cursor that reads out and does not zoom. */
export const cursor: uPlot.Cursor = { y: false, drag: { x: false, y: false, setScale: false } };
