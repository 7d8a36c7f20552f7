// What a page shows instead of its content.
import type { ComponentChildren } from "preact";
import type { Failure } from "../api/failure";

/** Nothing is here, and what to do about it. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p><strong>{title}</strong></p>
      {children}
    </div>
  );
}

/** What happened, and what next. */
export function Failed({ failure, retry }: { failure: Failure; retry?: (() => void) | undefined }) {
  return (
    <div class="note bad" role="alert">
      <p><strong>{failure.message}</strong> {failure.hint}</p>
      {retry && <button type="button" onClick={retry}>Try again</button>}
    </div>
  );
}

export function Loading({ what }: { what: string }) {
  return <p class="loading" role="status">{`Fetching ${what} …`}</p>;
}

/** A box with a heading. */
export function Panel({ title, beside, children, actions }: { title: string; beside?: ComponentChildren; children?: ComponentChildren; actions?: ComponentChildren }) {
  return (
    <section class="panel">
      <div class="panel-head">
        <h2>{title}{beside && <span class="beside"> {beside}</span>}</h2>
        {actions}
      </div>
      {children}
    </section>
  );
}
