// A refusal's code and numbers → one sentence: what was not done, why, what now.
import type { Speech } from "@catena/web/i18n.ts";
import { Refused } from "@catena/web/client.ts";
import { fen } from "@catena/web/money.ts";
import { dayClock } from "@catena/web/when.ts";
import type { Word } from "./index";

/** Arguments that are money wherever they occur. */
const MONEY = new Set(["amount", "value", "limit", "cap"]);

/** The sentence for whatever a question or a command failed with. */
export function sentence(speech: Speech<Word>, failure: unknown): string {
  if (!(failure instanceof Refused)) return speech.t("refusal.unreachable");
  const { code, args } = failure;
  const shown: Record<string, string | number> = { code };
  for (const [name, value] of Object.entries(args)) {
    if (Array.isArray(value)) shown[name] = value.length;
    else if (typeof value === "number") shown[name] = name.endsWith("_ms") ? dayClock(value) : MONEY.has(name) ? fen(value) : value;
    else if (typeof value === "string") shown[name] = value;
  }
  if (code === "forbidden") shown["right"] = speech.say(`right.${String(args["right"])}`, "right.other", { code: String(args["right"]) });
  if (code === "not_sound") {
    // A key such as `barcode:6901` is named by what stands before the colon.
    shown["field"] = speech.say(`field.${String(args["field"]).split(":")[0]}`, "field.other", { field: String(args["field"]) });
    shown["why"] = speech.say(`why.${String(args["why"])}`, "why.other", { why: String(args["why"]) });
  }
  if (code === "file_refused") {
    shown["column"] = String(args["column"] ?? "");
    return speech.say(`file.${String(args["why"])}`, "file.other", shown);
  }
  return speech.say(`refusal.${code}`, "refusal.unknown", shown);
}
