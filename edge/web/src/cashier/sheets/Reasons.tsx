import { Key } from "@catena/web/kit/Key.tsx";
import { useWords, type Word } from "../../words";

/** The reasons that can be chosen with one touch. */
export type Reason = Extract<Word, `reason.${string}`> extends `reason.${infer R}` ? Exclude<R, "label"> : never;

/** Why: one touch. The reason is kept in the words of the cashier's language. */
export function Reasons(props: { of: readonly Reason[]; chosen: string | null; onChoose: (reason: string) => void }) {
  const { t } = useWords();
  return (
    <div className="reasons" role="group" aria-label={t("reason.label")}>
      <span className="soft">{t("reason.label")}</span>
      {props.of.map((reason) => {
        const text = t(`reason.${reason}`);
        return (
          <Key key={reason} className={props.chosen === text ? "on" : ""} aria-pressed={props.chosen === text} onClick={() => props.onChoose(text)}>
            {text}
          </Key>
        );
      })}
    </div>
  );
}
