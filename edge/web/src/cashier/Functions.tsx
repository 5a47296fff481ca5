import { memo } from "react";
import { Key } from "@catena/web/kit/Key.tsx";
import { useWords } from "../words";
import { does, type FunctionKey } from "./keys";
import { useTill } from "./state";

/** Held bills from which the number is a warning. */
const WARN_HELD = 3;

/** The functions in the order of their keys. */
const ROW = [
  ["F1", "help"],
  ["F2", "member"],
  ["F3", "hold"],
  ["F4", "recall"],
  ["F5", "line"],
  ["F6", "bill"],
  ["⇧F1", "round_off"],
  ["⇧F2", "clerks"],
  ["⇧F3", "receipts"],
  ["⇧F4", "drawer"],
  ["⇧F5", "shift"],
  ["F12", "more"],
] as const satisfies readonly (readonly [FunctionKey, string])[];

/** Functions that act on lines. */
const NEEDS_LINES = new Set<FunctionKey>(["F3", "F5", "F6", "⇧F1"]);

/** The row of functions at the bottom, each with its key. */
export const Functions = memo(function Functions() {
  const { t } = useWords();
  const held = useTill((now) => now.bill?.held_count ?? now.status?.held ?? 0);
  const hasLines = useTill((now) => (now.bill?.lines.length ?? 0) > 0);
  return (
    <nav className="functions" aria-label={t("fn.label")}>
      {ROW.map(([key, what]) => (
        <Key
          key={key}
          kbd={key}
          data-fn={what}
          onClick={does[key]}
          disabled={NEEDS_LINES.has(key) && !hasLines}
          className={what === "recall" && held >= WARN_HELD ? "warn" : ""}
        >
          {t(`fn.${what}`, { n: held })}
        </Key>
      ))}
    </nav>
  );
});
