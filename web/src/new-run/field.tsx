import type { ComponentChildren } from "preact";
import type { Errors, Field as Name } from "./definition";

interface Props {
  name: Name;
  label: string;
  unit?: string;
  hint?: ComponentChildren;
  value: string | undefined;
  error: Errors[Name];
  wide?: boolean;
  onInput: (name: Name, value: string) => void;
}

/** A field with its unit, what it means, and what is wrong with it. */
export function Field({ name, label, unit, hint, value, error, wide, onInput }: Props) {
  const id = `new-${name}`;
  return (
    <div class={wide ? "field wide" : "field"}>
      <label for={id}>{label}{unit && <span class="unit"> {unit}</span>}</label>
      <input id={id} name={name} value={value ?? ""} autocomplete="off" spellcheck={false} inputMode={unit ? "decimal" : "text"}
        aria-invalid={error !== undefined} aria-describedby={`${id}-about`} onInput={(event) => onInput(name, event.currentTarget.value)} />
      <div class="about" id={`${id}-about`}>
        {error && <p class="wrong">{error}</p>}
        {hint}
      </div>
    </div>
  );
}
