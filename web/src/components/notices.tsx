import { connection } from "../live/events";
import { dismiss, notices, spoken } from "../live/notices";

/** What came of actions, and whether the line to the server holds. */
export function Notices() {
  return (
    <>
      {connection.value === "lost" && (
        <div class="note bad" role="alert">
          <p><strong>The connection to the server is lost.</strong> What you see may be old. It is tried again without you doing anything.</p>
        </div>
      )}
      {notices.value.map((n) => (
        <div key={n.id} class={n.bad ? "note bad" : "note"} role={n.bad ? "alert" : "status"}>
          <p><strong>{n.text}</strong> {n.hint}</p>
          <button type="button" onClick={() => dismiss(n.id)}>Dismiss</button>
        </div>
      ))}
      <div class="unseen" aria-live="polite">{spoken.value}</div>
    </>
  );
}
