import { Key } from "@catena/web/kit/Key.tsx";
import { yuan } from "@catena/web/money.ts";
import { day, dayClock } from "@catena/web/when.ts";
import { useEffect, useState } from "react";
import { edge, type Schemas } from "../../api";
import { useWords } from "../../words";
import { failed, loadTill, run } from "../actions";
import { Notice } from "../Notice";
import { may } from "../state";

/** The last business days: which ended, which wait for whom. */
export function Days() {
  const { t } = useWords();
  const [days, setDays] = useState<readonly Schemas["Day"][] | null>(null);
  useEffect(() => {
    edge.read("/api/days").then((found) => setDays(found.days), failed);
  }, []);
  if (days === null) return <p>{t("loading")}</p>;
  const close = async (of: number) => {
    const answer = await run("day_close", { day: of });
    if (answer === null) return;
    setDays(answer.days);
    void loadTill();
  };
  return (
    <>
      <p className="soft">{t("day.text")}</p>
      {days.length === 0 ? <p>{t("day.none")}</p> : null}
      <ul className="rows days">
        {days.map((one) => (
          <li key={one.day} data-day={one.day}>
            <b className="figure">{day(one.day)}</b>
            <span>
              {t("day.shifts", { n: one.shifts })} · {one.closed_ms === null ? t("day.waiting") : t("day.closed", { at: dayClock(one.closed_ms) })}
            </span>
            {one.over_short === 0 ? null : (
              <span className="figure wrong">
                {t(one.over_short > 0 ? "z.over" : "z.short")} {yuan(Math.abs(one.over_short))}
              </span>
            )}
            {one.open.length === 0 ? null : <span className="wrong">{t("day.open", { n: one.open.length, who: one.open.map((shift) => `${shift.cashier} ${t("bar.till", { n: shift.till })}`).join(", ") })}</span>}
            {one.closed_ms === null && may("day_end") ? (
              <Key className="main" onClick={() => void close(one.day)}>
                {t("day.do")}
              </Key>
            ) : null}
          </li>
        ))}
      </ul>
      <Notice />
    </>
  );
}
