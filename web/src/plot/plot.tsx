import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { colours, scheme } from "./colours";
import type { Colours } from "./colours";

export interface Drawing {
  options: Omit<uPlot.Options, "width" | "height">;
  data: uPlot.AlignedData;
}

/** A chart that fits its box. `make` must stay the same while what it draws does. */
export function Plot({ make, height, label }: { make: (c: Colours) => Drawing; height: number; label: string }) {
  const box = useRef<HTMLDivElement>(null);
  const colour = scheme.value;
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const { options, data } = make(colours());
    const chart = new uPlot({ ...options, width: element.clientWidth, height }, data, element);
    const fit = new ResizeObserver(() => {
      if (element.clientWidth > 0 && element.clientWidth !== chart.width) chart.setSize({ width: element.clientWidth, height });
    });
    fit.observe(element);
    return () => {
      fit.disconnect();
      chart.destroy();
    };
  }, [make, colour, height]);
  return <div class="plot" ref={box} role="img" aria-label={label} />;
}
