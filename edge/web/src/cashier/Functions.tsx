import { memo } from "react";
import { Key } from "@catena/web/kit/Key.tsx";
import { useWords } from "../words";
import { does } from "./keys";
import { useTill } from "./state";

/** Held bills from which the number is a warning. */
const WARN_HELD = 3;

/** The row of functions at the bottom, each with its key. */
export const Functions = memo(function Functions() {
  const { t } = useWords();
  const held = useTill((now) => now.bill?.held_count ?? now.status?.held ?? 0);
  const hasLines = useTill((now) => (now.bill?.lines.length ?? 0) > 0);
  return (
    <nav className="functions" aria-label={t("fn.label")}>
      <Key kbd="F1" onClick={does.F1}>{t("fn.help")}</Key>
      <Key kbd="F2" onClick={does.F2}>{t("fn.member")}</Key>
      <Key kbd="F3" onClick={does.F3} disabled={!hasLines}>{t("fn.hold")}</Key>
      <Key kbd="F4" onClick={does.F4} className={held >= WARN_HELD ? "warn" : ""}>{t("fn.recall", { n: held })}</Key>
      <Key kbd="F5" onClick={does.F5} disabled={!hasLines}>{t("fn.line")}</Key>
      <Key kbd="F6" onClick={does.F6} disabled={!hasLines}>{t("fn.bill")}</Key>
      <Key kbd="F12" onClick={does.F12}>{t("fn.more")}</Key>
    </nav>
  );
});
