// Who the server takes the reader for, and what that lets them do.
import { computed, effect, signal } from "@preact/signals";
import { get } from "../api/request";
import { connection } from "./events";

type Me = Awaited<ReturnType<typeof getMe>>;

const getMe = () => get("/api/v1/me");

export const me = signal<Me | null>(null);

/** Why nothing can be run or cancelled here; "" if it can. What is not known yet is tried, and the server decides. */
export const onlyReads = computed(() => (me.value?.role === "viewer" ? `${me.value.name} only reads: log in with a runner's token` : ""));

/** Why nothing can be decided for everybody here: alerts, baselines, what the server works by; "" if it can. */
export const noAdmin = computed(() => (me.value && me.value.role !== "admin" ? `${me.value.name} is no admin: log in with an admin's token` : ""));

async function load(): Promise<void> {
  me.value = await getMe().catch(() => me.peek());
}

export function startMe(): void {
  void load();
  effect(() => {
    if (connection.value === "lost") void load(); // perhaps the login is over
  });
}

/** Ends the login and goes to where another begins. */
export async function logout(): Promise<void> {
  await fetch("/logout", { method: "POST", credentials: "same-origin", redirect: "manual" });
  location.assign("/login");
}
