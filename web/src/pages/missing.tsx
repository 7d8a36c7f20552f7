import { Empty } from "../components/states";
import { useTitle } from "../components/title";
import { activityHref, overviewHref } from "../routes";

export function MissingPage() {
  useTitle("Not found");
  return (
    <>
      <h1 tabIndex={-1}>There is no such page</h1>
      <Empty title={`Nothing is at ${location.pathname}`}>
        <p>All benchmarks are on the <a href={overviewHref}>overview</a>, all runs under <a href={activityHref}>activity</a>.</p>
      </Empty>
    </>
  );
}
