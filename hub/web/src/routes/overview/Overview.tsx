import { dayClock, day as dayText } from "@catena/web/when.ts";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Alert, Button, DatePicker } from "antd";
import dayjs from "dayjs";
import { lazy, Suspense, useState } from "react";
import { useRead, type Schemas } from "../../api";
import { dayAfter, elapsed, endOfDay, hourAt } from "../../figures";
import { Failure } from "../../kit/Failure";
import { SaveTable } from "../../kit/Export";
import { PageHead, Panel } from "../../kit/Panel";
import { missing } from "../../lights";
import { useHub, useNowMs } from "../../session";
import { useWords } from "../../words";
import { spanText } from "../branches/signs";
import { BranchFigures } from "./BranchFigures";
import { LastSales } from "./LastSales";
import { Lights } from "./Lights";
import { takingsRows } from "./takingsRows";
import { Tiles } from "./Tiles";

const Hours = lazy(() => import("./Hours"));

/** A business day as the date picker holds it. */
const picked = (yyyymmdd: number) => dayjs(dayText(yyyymmdd), "YYYY-MM-DD");

/** The chain's day: what was sold, what money came in, which branches stand how. */
export default function Overview() {
  const speech = useWords();
  const { t } = speech;
  const hub = useHub();
  const navigate = useNavigate();
  const asked = useSearch({ strict: false }).day;
  const today = hub?.day ?? 0;
  const day = asked ?? today;
  const takings = useRead("/api/takings", { query: day === today ? {} : { day }, when: today !== 0 });
  const before = useRead("/api/takings", { query: { day: dayAfter(day, -7) }, when: today !== 0 });
  const branches = useRead("/api/branches");
  const [shown, setShown] = useState<string | null>(null);
  const nowMs = useNowMs();
  if (hub === null) return null;
  const firstHour = Math.floor(hub.cutoff_minutes / 60);
  const over = elapsed(day, today, hourAt(nowMs, hub.zone_minutes), firstHour);
  const show = (to: number) => void navigate({ to: "/", search: to === today ? {} : { day: to } });
  return (
    <>
      <PageHead title={t("page.overview")}>
        <Button onClick={() => show(dayAfter(day, -1))}>{t("day.before")}</Button>
        <DatePicker
          aria-label={t("day.pick")}
          value={picked(day)}
          allowClear={false}
          maxDate={picked(today)}
          onChange={(to) => {
            if (to !== null) show(Number(to.format("YYYYMMDD")));
          }}
        />
        <Button disabled={day >= today} onClick={() => show(dayAfter(day, 1))}>
          {t("day.after")}
        </Button>
        {day === today ? null : <Button onClick={() => show(today)}>{t("day.today")}</Button>}
        <SaveTable title={t("page.overview")} {...(takings.data === undefined ? { columns: [], rows: [] } : takingsRows(speech, takings.data))} />
      </PageHead>
      <Failure of={takings} />
      <Incomplete branches={branches.data?.rows ?? []} endMs={endOfDay(day, hub.zone_minutes, hub.cutoff_minutes)} nowMs={nowMs} />
      <Tiles takings={takings.data ?? null} before={before.data ?? null} over={over} day={day} today={day === today} />
      <div className="columns">
        <div className="stack">
          <Panel title={t("hours.title")} extra={<span className="soft">{takings.data === undefined ? "" : t("as_of", { at: dayClock(takings.data.as_of_ms) })}</span>}>
            <Suspense fallback={<div className="chart" />}>{takings.data === undefined ? <div className="chart" /> : <Hours takings={takings.data} before={before.data ?? null} branch={shown} firstHour={firstHour} onBranch={setShown} />}</Suspense>
          </Panel>
          <BranchFigures takings={takings} before={before.data ?? null} over={over} day={day} />
        </div>
        <div className="stack">
          <Lights branches={branches} />
          {day === today ? <LastSales /> : null}
        </div>
      </div>
    </>
  );
}

/** Which branches may still bring bills of this day. */
function Incomplete({ branches, endMs, nowMs }: { branches: Schemas["Branch"][]; endMs: number; nowMs: number }) {
  const speech = useWords();
  const { t } = speech;
  const late = missing(branches, endMs, nowMs);
  if (late.length === 0) return null;
  const said = late.slice(0, 5).map((branch) => {
    const since = spanText(speech, nowMs - branch.seen_ms);
    return branch.unsent === null || branch.unsent === 0 ? t("incomplete.silent", { name: speech.name(branch), since }) : t("incomplete.unsent", { name: speech.name(branch), since, n: branch.unsent });
  });
  return (
    <Alert
      type="warning"
      showIcon
      title={
        <>
          <b>{t("incomplete.mark")}</b> {said.join(t("list.and"))}
          {late.length > 5 ? t("incomplete.more", { n: late.length - 5 }) : ""}
        </>
      }
    />
  );
}
