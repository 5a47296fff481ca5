import { dayClock, day as dayText } from "@catena/web/when.ts";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Alert, DatePicker, Select, Table } from "antd";
import dayjs from "dayjs";
import { exportAddress, useRead, type Schemas } from "../../api";
import { dayAfter } from "../../figures";
import { Export } from "../../kit/Export";
import { Failure } from "../../kit/Failure";
import { Listing } from "../../kit/Listing";
import { PageHead } from "../../kit/Panel";
import { useHub, useNowMs } from "../../session";
import { useWords } from "../../words";
import { spanText } from "../branches/signs";
import { type Numbered, reportColumns, RIGHT, shown } from "./columns";

/** Rows that the page shows; a file has all of them. */
const ROWS = 200;

const picked = (yyyymmdd: number) => dayjs(dayText(yyyymmdd), "YYYY-MM-DD");

/** All reports on one page: which one, of which days and which branch. */
export default function Reports() {
  const speech = useWords();
  const { t } = speech;
  const english = speech.language === "en";
  const hub = useHub();
  const navigate = useNavigate();
  const search = useSearch({ strict: false });
  const list = useRead("/api/reports");
  const branches = useRead("/api/branches");
  const chosen = list.data?.rows.find((report) => report.name === search.report) ?? list.data?.rows[0];
  const today = hub?.day ?? 0;
  const from = search.from ?? today;
  const until = search.until ?? (chosen?.name === "birthdays" ? dayAfter(from, 7) : Math.max(from, today));
  const query = { from, until, ...(search.branch === undefined ? {} : { branch: search.branch }) };
  const answer = useRead("/api/reports/{name}", { parts: { name: chosen?.name ?? "" }, query: { ...query, limit: ROWS }, when: chosen !== undefined && today !== 0 });
  if (hub === null) return null;
  const show = (change: { report?: string; from?: number; until?: number; branch?: string | null }) => {
    const branch = change.branch === undefined ? search.branch : (change.branch ?? undefined);
    const report = change.report ?? chosen?.name;
    const days = change.report === undefined ? { from: change.from ?? search.from, until: change.until ?? search.until } : { from: search.from, until: search.until };
    void navigate({
      to: "/reports",
      search: {
        ...(report === undefined ? {} : { report }),
        ...(days.from === undefined ? {} : { from: days.from }),
        ...(days.until === undefined ? {} : { until: days.until }),
        ...(branch === undefined ? {} : { branch }),
      },
    });
  };
  const open = (opens: Schemas["Opens"]) => {
    if (opens.page === "sales" || opens.page === "members") void navigate({ to: `/${opens.page}`, search: { id: opens.id } });
    else show({ report: opens.page, from: opens.from, until: opens.until, branch: opens.branch });
  };
  const rows: Numbered[] = (answer.data?.rows ?? []).map((row, n) => ({ ...row, n }));
  const columns = chosen === undefined ? [] : reportColumns(chosen.columns, rows, english, open);
  const title = chosen === undefined ? "" : english ? chosen.en : chosen.zh;
  return (
    <>
      <PageHead title={t("page.reports")}>
        <Select
          aria-label={t("report.which")}
          value={chosen?.name ?? null}
          onChange={(report) => show({ report })}
          options={(list.data?.rows ?? []).map((report) => ({ value: report.name, label: english ? report.en : report.zh }))}
          popupMatchSelectWidth={false}
          listHeight={480}
        />
        {chosen?.days === true ? (
          <DatePicker.RangePicker
            aria-label={t("day.pick")}
            allowClear={false}
            value={[picked(from), picked(until)]}
            presets={[
              { label: t("days.today"), value: [picked(today), picked(today)] },
              { label: t("days.yesterday"), value: [picked(dayAfter(today, -1)), picked(dayAfter(today, -1))] },
              { label: t("days.week"), value: [picked(dayAfter(today, -6)), picked(today)] },
              { label: t("days.month"), value: [picked(Math.floor(today / 100) * 100 + 1), picked(today)] },
              { label: t("days.ahead"), value: [picked(today), picked(dayAfter(today, 14))] },
            ]}
            onChange={(days) => {
              const [first, last] = [days?.[0], days?.[1]];
              if (first != null && last != null) show({ from: Number(first.format("YYYYMMDD")), until: Number(last.format("YYYYMMDD")) });
            }}
          />
        ) : null}
        <Select
          aria-label={t("branch")}
          value={search.branch ?? ""}
          onChange={(branch) => show({ branch: branch === "" ? null : branch })}
          options={[{ value: "", label: t("all_branches") }, ...(branches.data?.rows ?? []).map((branch) => ({ value: branch.id, label: speech.name(branch) }))]}
          popupMatchSelectWidth={false}
        />
        {chosen === undefined ? null : <Export key={chosen.name} href={exportAddress(`report-${chosen.name}`, chosen.days ? query : search.branch === undefined ? {} : { branch: search.branch })} personal={chosen.personal} />}
      </PageHead>
      <Failure of={list} />
      <LateBranches late={answer.data?.late ?? []} />
      <section className="panel">
        <header>
          <h2>{title}</h2>
          <span className="soft">{answer.data === undefined ? "" : t("as_of", { at: dayClock(answer.data.as_of_ms) })}</span>
        </header>
        <Listing
          key={chosen?.name ?? ""}
          label={title}
          columns={columns}
          of={{ ...answer, data: answer.data === undefined ? undefined : { rows } }}
          rowKey={(row) => row.n.toString()}
          pageRows={50}
          more={{ scroll: { x: "max-content" }, ...(rows.length === 0 || answer.data === undefined || chosen === undefined ? {} : { summary: () => <Totals totals={answer.data.totals} columns={chosen.columns} english={english} /> }) }}
        />
        {answer.data?.more === true ? <p className="soft">{t("report.more", { n: ROWS })}</p> : null}
      </section>
    </>
  );
}

/** The sums below the rows. */
function Totals({ totals, columns, english }: { totals: readonly Schemas["Cell"][]; columns: readonly Schemas["ReportColumn"][]; english: boolean }) {
  const { t } = useWords();
  if (totals.every((cell) => cell === null)) return null;
  return (
    <Table.Summary.Row className="report-totals">
      {columns.map(({ form }, at) => (
        <Table.Summary.Cell key={at} index={at} align={RIGHT.includes(form) ? "right" : "left"} className={RIGHT.includes(form) ? "figure" : ""}>
          {at === 0 && (totals[at] ?? null) === null ? t("report.total") : shown(totals[at] ?? null, form, english)}
        </Table.Summary.Cell>
      ))}
    </Table.Summary.Row>
  );
}

/** Which branches may still bring entries of these days. */
function LateBranches({ late }: { late: readonly Schemas["Late"][] }) {
  const speech = useWords();
  const { t } = speech;
  const nowMs = useNowMs();
  if (late.length === 0) return null;
  const said = late.slice(0, 5).map(({ branch, seen_ms, unsent }) => {
    const since = spanText(speech, nowMs - seen_ms);
    return unsent === null || unsent === 0 ? t("incomplete.silent", { name: speech.name(branch), since }) : t("incomplete.unsent", { name: speech.name(branch), since, n: unsent });
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
