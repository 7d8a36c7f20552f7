import type { ComponentChildren } from "preact";

export interface TileProps {
  name: string;
  title?: string | undefined;
  children: ComponentChildren;
  below?: ComponentChildren;
}

/** One figure with its name above and where it comes from below. */
export function Tile({ name, title, children, below }: TileProps) {
  return (
    <div class="tile" title={title}>
      <dt>{name}</dt>
      <dd>
        <span class="big">{children}</span>
        <span class="below">{below}</span>
      </dd>
    </div>
  );
}

export function Tiles({ children }: { children: ComponentChildren }) {
  return <dl class="tiles">{children}</dl>;
}
