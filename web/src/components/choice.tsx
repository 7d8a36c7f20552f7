import { setParams } from "../router";

export interface Option {
  value: string;
  name: string;
}

/** A filter that is kept in the address. */
export function Choice({ label, param, value, unset, options }: { label: string; param: string; value: string; unset: string; options: readonly Option[] }) {
  return (
    <label class="choice">
      <span class="grey">{label}</span>{" "}
      <select value={value} onChange={(event) => setParams({ [param]: event.currentTarget.value, cursor: "" })}>
        <option value="">{unset}</option>
        {options.map((o) => <option key={o.value} value={o.value}>{o.name}</option>)}
      </select>
    </label>
  );
}
