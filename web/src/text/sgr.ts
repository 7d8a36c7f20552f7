// The one control sequence that a terminal's output may keep here: SGR, which
// sets colours and weights. It becomes class names, so no style is ever built
// from what a program printed.

const hues = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const;
export type Hue = (typeof hues)[number];

export interface Look {
  bold: boolean;
  dim: boolean;
  italic: boolean;
  underline: boolean;
  strike: boolean;
  inverse: boolean;
  ink: Hue | null;
  ground: Hue | null;
}

export const plainLook: Look = {
  bold: false, dim: false, italic: false, underline: false, strike: false, inverse: false, ink: null, ground: null,
};

/** The look after the parameters of one sequence, "1;31" say. */
export function applySgr(look: Look, parameters: string): Look {
  const codes = parameters.split(/[;:]/).map((p) => (p === "" ? 0 : Number(p)));
  let next = { ...look };
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0;
    if (code === 38 || code === 48) {
      const [hue, used] = extended(codes, i + 1);
      if (code === 38) next.ink = hue;
      else next.ground = hue;
      i += used;
    } else {
      next = code === 0 ? { ...plainLook } : { ...next, ...simple(code) };
    }
  }
  return next;
}

function simple(code: number): Partial<Look> {
  if (code >= 30 && code <= 37) return { ink: hues[code - 30] ?? null };
  if (code >= 90 && code <= 97) return { ink: hues[code - 90] ?? null };
  if (code >= 40 && code <= 47) return { ground: hues[code - 40] ?? null };
  if (code >= 100 && code <= 107) return { ground: hues[code - 100] ?? null };
  return effects[code] ?? {}; // 8, conceal, is left out: nothing may be hidden
}

const effects: Record<number, Partial<Look>> = {
  1: { bold: true }, 2: { dim: true }, 3: { italic: true }, 4: { underline: true }, 7: { inverse: true }, 9: { strike: true },
  21: { underline: true }, 22: { bold: false, dim: false }, 23: { italic: false }, 24: { underline: false },
  27: { inverse: false }, 29: { strike: false }, 39: { ink: null }, 49: { ground: null },
};

/** 5;N and 2;R;G;B as the nearest of the eight hues, and how many codes that took. */
function extended(codes: number[], at: number): [Hue | null, number] {
  if (codes[at] === 5) return [fromPalette(codes[at + 1] ?? 0), 2];
  if (codes[at] === 2) return [nearest(codes[at + 1] ?? 0, codes[at + 2] ?? 0, codes[at + 3] ?? 0), 4];
  return [null, 1];
}

function fromPalette(n: number): Hue {
  if (n < 16) return hues[n % 8] ?? "white";
  if (n >= 232) return nearest(8 + (n - 232) * 10, 8 + (n - 232) * 10, 8 + (n - 232) * 10);
  const level = (i: number): number => (i === 0 ? 0 : 55 + i * 40);
  const cube = n - 16;
  return nearest(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6));
}

function nearest(r: number, g: number, b: number): Hue {
  const most = Math.max(r, g, b);
  const least = Math.min(r, g, b);
  if (most - least < 40) return most < 128 ? "black" : "white";
  const half = (most + least) / 2;
  const bits = (r > half ? 1 : 0) | (g > half ? 2 : 0) | (b > half ? 4 : 0);
  return hues[bits] ?? "white";
}

/** The class names of a look, "" for the plain one. */
export function classOf(look: Look): string {
  const names: string[] = [];
  for (const effect of ["bold", "dim", "italic", "underline", "strike", "inverse"] as const) {
    if (look[effect]) names.push(`t-${effect}`);
  }
  if (look.ink && look.ink !== look.ground) names.push(`t-${look.ink}`);
  if (look.ground) names.push(`t-on-${look.ground}`);
  return names.join(" ");
}
