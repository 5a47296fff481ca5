import { speak } from "@catena/web/i18n.ts";
import { Segmented } from "antd";
import { useWords } from "./words";

/** 中文 or English, each named in itself. */
export function Language() {
  const { t, language } = useWords();
  return (
    <Segmented
      aria-label={t("language")}
      value={language}
      onChange={(to) => speak(to)}
      options={[
        { label: "\u4e2d\u6587", value: "zh" as const },
        { label: "EN", value: "en" as const },
      ]}
    />
  );
}
