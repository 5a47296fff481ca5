// The words of the cashier's page. Technical words of the device page are in `technician.*.ts`, loaded with it.
import { createSpeech } from "@catena/web/i18n.ts";
import { devices as devicesEn } from "@catena/web/words/devices.en.ts";
import { devices as devicesZh } from "@catena/web/words/devices.zh.ts";
import { refusals as refusalsEn } from "./refusals.en";
import { refusals as refusalsZh } from "./refusals.zh";
import { till as tillEn } from "./till.en";
import { till as tillZh } from "./till.zh";

/** Everything the cashier's page can say. */
export type Word = keyof typeof tillZh | keyof typeof refusalsZh | keyof typeof devicesZh;

/** The words by language; both hold the same keys. */
export const words: Readonly<Record<"zh" | "en", { readonly [key in Word]: string }>> = {
  zh: { ...tillZh, ...refusalsZh, ...devicesZh },
  en: { ...tillEn, ...refusalsEn, ...devicesEn },
};

/** How the components of the cashier's page speak. */
export const useWords = createSpeech<Word>(words);
