import type { Labels as LabelsOf } from "../api/types";
import { searchHref } from "../routes";
import { labelTexts } from "../words/label";

/** Parameters of a benchmark; each leads to all that have it. */
export function Labels({ labels }: { labels: LabelsOf }) {
  const texts = labelTexts(labels);
  if (texts.length === 0) return null;
  return (
    <ul class="labels" aria-label="Labels">
      {texts.map((text) => <li key={text}><a href={searchHref(text)}>{text}</a></li>)}
    </ul>
  );
}
