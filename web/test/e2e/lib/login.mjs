/** Logs in where the login page is shown. */
export async function login(page, token) {
  await page.getByLabel("Token").fill(token);
  await page.getByRole("button", { name: "Log in" }).click();
}
