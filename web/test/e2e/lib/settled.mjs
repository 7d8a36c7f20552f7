/** Waits until nothing is being fetched and the charts are drawn. */
export async function settled(page) {
  await page.locator("h1").waitFor();
  await page.waitForFunction(() => !document.querySelector(".loading, .plot-place"));
  await page.waitForTimeout(200);
}
