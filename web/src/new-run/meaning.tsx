import { Enforced } from "../components/enforced";
import { Failed, Loading, Panel } from "../components/states";
import { capabilities, capability, forStrangers, reloadCapabilities } from "../live/capabilities";
import { whyMissing } from "../words/hindrance";
import { isolationWords } from "../words/verdict";

/** What untrusted means here, and what will hold; said before anything is run. */
export function Meaning() {
  const { value, failure } = capabilities.value;
  const backend = capability(forStrangers.value);
  return (
    <Panel title="What will hold" beside="untrusted code">
      <p>
        Whatever is sent from here counts as untrusted: nobody vouches for it. It runs {isolationWords[forStrangers.value].place} or not at all,
        never with less isolation than that, and sees no file of this machine but what you send.
      </p>
      {failure && <Failed failure={failure} retry={reloadCapabilities} />}
      {!value && !failure && <Loading what="what this machine enforces" />}
      {value && !backend?.available && (
        <div class="note bad"><p><strong>It would not be run here.</strong> The reason: {whyMissing(backend)}</p></div>
      )}
      {backend?.available && (
        <details class="means" open={matchMedia("(min-width: 60rem)").matches}>
          <summary>By what means</summary>
          <Enforced backend={backend} />
        </details>
      )}
    </Panel>
  );
}
