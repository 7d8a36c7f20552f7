// The choice of isolation, where Run is pressed. What is not to be had can be
// reached by the keyboard, so that its reason and remedy can be read.
import { useState } from "preact/hooks";
import { isolations } from "../api/types";
import type { Capability, Isolation } from "../api/types";
import { capabilities, capability, choose, chosen, reloadCapabilities } from "../live/capabilities";
import { whyMissing } from "../words/hindrance";
import { limitName } from "../words/limit";
import { isolationWords } from "../words/verdict";

interface Segment {
  value: Isolation | "";
  name: string;
  tip: string;
  available: boolean;
}

function segments(): Segment[] {
  const configured: Segment = { value: "", name: "Default", tip: "Each benchmark as it is configured.", available: true };
  return [configured, ...isolations.map(segmentOf)];
}

function segmentOf(isolation: Isolation): Segment {
  const { name, meaning } = isolationWords[isolation];
  const found = capability(isolation);
  if (capabilities.value.value && !found?.available) {
    return { value: isolation, name, available: false, tip: `Not available here: ${whyMissing(found)}` };
  }
  const pool = found?.pool ? ` ${found.pool.ready} of at most ${found.pool.most} ${isolation === "process" ? "sandboxes" : "containers"} are started and wait for a run.` : "";
  return { value: isolation, name, available: true, tip: meaning + had("Enforced", found, false) + had("Measured", found, true) + pool };
}

/** What is enforced or measured here, in a sentence. */
function had(verb: string, found: Capability | undefined, measured: boolean): string {
  const names = found?.details.filter((d) => d.available && d.measured === measured).map((d) => limitName(d.name)) ?? [];
  return names.length > 0 ? ` ${verb} here: ${names.join(", ")}.` : "";
}

export function IsolationChoice() {
  const list = segments();
  const [focused, setFocused] = useState<number | null>(null);
  const [dismissed, setDismissed] = useState(false);
  const selected = Math.max(0, list.findIndex((s) => s.value === chosen.value));

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape") return setDismissed(true);
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = ((focused ?? selected) + step + list.length) % list.length;
    const segment = list[next] as Segment;
    setFocused(next);
    setDismissed(false);
    (event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>("[role=radio]")[next]?.focus();
    if (segment.available) choose(segment.value);
  };

  return (
    <div class="segmented" role="radiogroup" aria-label="Isolation for the next runs" onKeyDown={onKeyDown} onMouseEnter={() => setDismissed(false)}>
      {list.map((s, i) => (
        <span key={s.value} class="segment" onMouseEnter={reloadCapabilities}>
          <button
            type="button"
            role="radio"
            aria-checked={i === selected}
            aria-disabled={!s.available}
            aria-describedby={`tip-${s.value || "default"}`}
            tabIndex={i === (focused ?? selected) ? 0 : -1}
            onFocus={() => {
              setFocused(i);
              reloadCapabilities();
            }}
            onBlur={() => {
              setFocused(null);
              setDismissed(false);
            }}
            onClick={() => s.available && choose(s.value)}
          >
            {s.name}
          </button>
          <span role="tooltip" id={`tip-${s.value || "default"}`} class={dismissed ? "tip dismissed" : "tip"}>{s.tip}</span>
        </span>
      ))}
    </div>
  );
}
