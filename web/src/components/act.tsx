import type { ButtonHTMLAttributes } from "preact";
import { tell } from "../live/notices";

interface Props extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "onClick" | "type"> {
  hindered: string;
  onAct: () => void;
}

/** A button that changes something. Who may not press it, which `hindered` tells, can reach it all the same and read why. */
export function Act({ hindered, onAct, title, ...more }: Props) {
  return <button type="button" {...more} aria-disabled={hindered !== ""} title={hindered || title} onClick={() => (hindered ? tell(hindered, true) : onAct())} />;
}
