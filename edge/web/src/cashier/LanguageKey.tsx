import { Key } from "@catena/web/kit/Key.tsx";
import { useWords } from "../words";

/** The Chinese language names itself in Chinese on the English page. */
const CHINESE = "\u4e2d\u6587";

/** Says what the other language calls itself, and changes to it. */
export function LanguageKey({ change }: { change: (language: "zh" | "en") => void }) {
  const { t, language } = useWords();
  const other = language === "zh" ? "en" : "zh";
  return (
    <Key lang={other === "zh" ? "zh-CN" : "en"} aria-label={t("bar.language")} onClick={() => change(other)}>
      {other === "zh" ? CHINESE : "English"}
    </Key>
  );
}
