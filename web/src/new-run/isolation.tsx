import { isolations } from "../api/types";
import { capability, forStrangers } from "../live/capabilities";
import { whyMissing } from "../words/hindrance";
import { isolationWords } from "../words/verdict";

/** Which isolation it gets: of those that hold code which nobody vouches for; the others say why not. */
export function IsolationOfStrangers() {
  return (
    <fieldset>
      <legend>Isolation</legend>
      <ul class="field wide strangers">
        {isolations.map((i) => {
          const found = capability(i);
          const why = found?.untrusted && found.available && i !== forStrangers.value ? "where no container is to be had" : !found?.untrusted ? "not for untrusted code" : found.available ? isolationWords[i].meaning : `not available here: ${whyMissing(found)}`;
          return (
            <li key={i}>
              <label class={i === forStrangers.value ? "" : "grey"}><input type="radio" name="isolation" value={i} checked={i === forStrangers.value} disabled={i !== forStrangers.value} /> {isolationWords[i].name}</label>{" "}
              <span class="grey">{why}</span>
            </li>
          );
        })}
      </ul>
    </fieldset>
  );
}
