import { speak } from "@catena/web/i18n.ts";
import { Segmented } from "antd";
import { hub, queries } from "./api";
import { useWords } from "./words";

/** Chinese or English, each named in itself; `kept`: the account of the person who is signed in remembers it. */
export function Language({ kept = false }: { kept?: boolean }) {
  const { t, language } = useWords();
  const choose = (to: "zh" | "en") => {
    speak(to);
    if (!kept) return;
    const said = hub.post("/api/session/language", { language: to });
    // This browser remembers it all the same, so a failure is not worth a word.
    void said.then((now) => queries.setQueryData(["/api/hub", null, null], now)).catch(() => undefined);
  };
  return (
    <Segmented
      aria-label={t("language")}
      value={language}
      onChange={choose}
      options={[
        { label: "\u4e2d\u6587", value: "zh" as const },
        { label: "EN", value: "en" as const },
      ]}
    />
  );
}
