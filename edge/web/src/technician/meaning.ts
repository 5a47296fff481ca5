// What bytes or a driver say, in words.
import { what } from "@catena/web/devices.ts";
import type { Speech } from "@catena/web/i18n.ts";
import type { Schemas } from "../api";
import type { TechnicianWord } from "../words/technician";

/** `缺纸`, `磁条卡，第 2 磁道 6001`. */
export function meaningText(speech: Speech<TechnicianWord>, { code, said }: Schemas["ByteMeaning"]): string {
  return code === "trouble" ? what(speech, said) : speech.say(`bytes.${code}`, "bytes.other", { said });
}
