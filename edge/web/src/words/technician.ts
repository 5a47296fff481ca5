// The words of the device page: its own and the cashier's. Loaded with that page only.
import { createSpeech } from "@catena/web/i18n.ts";
import { words, type Word } from "./index";
import { technician as en } from "./technician.en";
import { technician as zh } from "./technician.zh";

/** Everything the device page can say. */
export type TechnicianWord = Word | keyof typeof zh;

/** The words by language. */
export const technicianWords: Readonly<Record<"zh" | "en", { readonly [key in TechnicianWord]: string }>> = {
  zh: { ...words.zh, ...zh },
  en: { ...words.en, ...en },
};

/** How the components of the device page speak. */
export const useTechnicianWords = createSpeech<TechnicianWord>(technicianWords);
