// How a branch stands, as one light; and which branches a day's figures still miss.
import type { Schemas } from "./api";

type Branch = Schemas["Branch"];
export type Light = "good" | "warn" | "bad" | "none";

/** Entries that arrive later than this are worth a look. */
const LAG_WORTH_A_LOOK_MS = 60_000;

/** Entries of this branch are on their way for longer than they should. A branch that sells nothing is not late. */
export function late(branch: Branch): boolean {
  return (branch.unsent ?? 0) > 0 && (branch.lag_ms ?? 0) > LAG_WORTH_A_LOOK_MS;
}

/** Its machine was sealed: nothing more is taken from it, and the branch waits for a new one. */
export function sealed(branch: Branch): boolean {
  return branch.install?.sealed === true;
}

/** Green: linked and well. Amber: linked, but a device fails or entries come late. Red: cut off. None: without a machine of its own. */
export function light(branch: Branch): Light {
  if (branch.link === "never" || sealed(branch)) return "none";
  if (branch.link === "down") return "bad";
  const failing = branch.devices.some((device) => device.state === "failed" || device.state === "trying");
  return failing || late(branch) || branch.owes === true ? "warn" : "good";
}

/** Worst first, then by code. */
export function byLight(a: Branch, b: Branch): number {
  const order = { bad: 0, warn: 1, good: 2, none: 3 };
  return order[light(a)] - order[light(b)] || a.code.localeCompare(b.code);
}

/** Branches that may still bring bills of a day: cut off since before its end, or with entries they have not sent. `endMs`: when the day is over. */
export function missing(branches: readonly Branch[], endMs: number, nowMs: number): Branch[] {
  return branches.filter((branch) => {
    if (branch.link === "never" || sealed(branch)) return false;
    if (branch.link === "down") return branch.seen_ms < Math.min(endMs, nowMs) || (branch.unsent ?? 0) > 0;
    return late(branch);
  });
}

/** Devices of a branch that are not well. */
export function failing(branch: Branch): Schemas["Device"][] {
  return branch.devices.filter((device) => device.state === "failed" || device.state === "trying");
}

/** Price lists shown at the tills → branches that show them, newest first; only those behind `release`. */
export function behind(branches: readonly Branch[], release: number): { release: number; branches: Branch[] }[] {
  const old = branches.filter((branch) => branch.price_release !== null && branch.price_release < release);
  const numbers = [...new Set(old.map((branch) => branch.price_release as number))].sort((a, b) => b - a);
  return numbers.map((number) => ({ release: number, branches: old.filter((branch) => branch.price_release === number) }));
}
