import { DownloadOutlined, UploadOutlined } from "@ant-design/icons";
import { count, fen } from "@catena/web/money.ts";
import { dayClock } from "@catena/web/when.ts";
import { Alert, Button, Progress, Select, Upload } from "antd";
import { useState } from "react";
import { hub, queries, useRead, type Schemas } from "../api";
import { money, number, text, time } from "../kit/columns";
import { Save } from "../kit/Export";
import { Listing } from "../kit/Listing";
import { PageHead, Panel } from "../kit/Panel";
import { useWords } from "../words";
import { sentence } from "../words/refusal";
import { Mapping, type Looked } from "./imports/Mapping";
import { Openings } from "./imports/Openings";

/** In the order in which they build on each other. */
const KINDS = ["settings", "branches", "categories", "levels", "roles", "staff", "products", "members", "stock"] as const;
type Kind = (typeof KINDS)[number];
/** The columns of each file; ★ must be there. */
const COLUMNS: Readonly<Record<Kind, string>> = {
  settings: "★group ★key ★value",
  branches: "★code ★name name_en address phone zone_minutes cutoff_minutes price_list",
  categories: "★code ★name name_en parent",
  levels: "★code ★name name_en ★rank ★discount_bp ★points_factor_bp ★threshold_minor threshold_purchases",
  roles: "★code ★name name_en ★rights max_line_discount_bp max_bill_discount_bp max_refund_minor",
  staff: "★code ★name branch ★roles pin",
  products: "★number ★name name_en ★category ★unit weighed plu barcodes discountable earns_points cost ★price member_price gift_points gift_money retired",
  members: "★name phone birthday card home level value bonus points gender note package package_no uses gift_uses package_value package_ends",
  stock: "★branch ★product ★quantity",
};
type Row = Schemas["Import"];
const FILES = ".csv,text/csv,.xlsx";
/** The largest file that the hub takes. */
const FILE_BYTES_MAX = 32 * 1024 * 1024;

/** Files of goods, members and the rest: good lines go in, bad ones come back with the reason. */
export default function Imports() {
  const speech = useWords();
  const { t } = speech;
  const [kind, setKind] = useState<Kind>("products");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const imports = useRead("/api/import");
  const [mapping, setMapping] = useState<{ file: Blob; looked: Looked } | null>(null);
  const send = async (file: Blob, how = "") => {
    setFailure(null);
    if (file.size > FILE_BYTES_MAX) return setFailure(t("import.too_big", { n: 32 }));
    setBusy(true);
    try {
      const answer = await hub.upload(`/api/import/${kind}${how}`, file);
      if (how === "?look=true") setMapping({ file, looked: answer as Looked });
      else await queries.invalidateQueries({ queryKey: ["/api/import"] });
    } catch (refused) {
      setFailure(sentence(speech, refused));
    } finally {
      setBusy(false);
    }
  };
  const rows = imports.data?.rows ?? [];
  const columns = [
    time<Row>(t("import.started"), (row) => row.started_ms, { defaultSortOrder: "descend" }),
    text<Row>(t("import.kind"), (row) => speech.say(`import.${row.kind}`, "code", { what: row.kind }), { filter: rows }),
    text<Row>(t("import.state"), (row) => t(row.trial ? "import.trial" : `import.${row.state}`), { filter: rows, show: (row) => <State row={row} /> }),
    number<Row>(t("import.lines"), (row) => row.lines, count),
    number<Row>(t("import.changed"), (row) => row.changed, count),
    number<Row>(t("import.unchanged"), (row) => row.unchanged, count),
    number<Row>(t("import.rejected"), (row) => row.rejected, (n) => <span className={n > 0 ? "bad-text" : ""}>{count(n)}</span>),
    money<Row>(t("import.total"), (row) => both(row.amounts), { render: (_, row) => <Parts of={row.amounts} /> }),
    money<Row>(t("import.in"), (row) => (row.trial ? 0 : both(row.amounts) - both(row.missing))),
    money<Row>(t("import.not_in"), (row) => both(row.missing), { render: (_, row) => <Parts of={row.missing} /> }),
    {
      title: t("import.bad_lines"),
      key: "bad",
      render: (_: unknown, row: Row) =>
        row.rejected === 0 ? null : (
          <Button href={`/api/import/${encodeURIComponent(row.job)}/rejected.csv`} download icon={<DownloadOutlined />}>
            {t("import.download")}
          </Button>
        ),
    },
  ];
  return (
    <>
      <PageHead title={t("page.import")} />
      <Panel title={t("import.title")}>
        <p>{t("import.what")}</p>
        <div className="filters">
          <Select aria-label={t("import.kind")} value={kind} onChange={setKind} options={KINDS.map((value) => ({ value, label: t(`import.${value}`) }))} popupMatchSelectWidth={false} />
          <Upload
            accept={FILES}
            showUploadList={false}
            beforeUpload={(file) => {
              void send(file, "?look=true");
              return false;
            }}
          >
            <Button loading={busy}>{t("import.map")}</Button>
          </Upload>
          <Upload
            accept={FILES}
            showUploadList={false}
            beforeUpload={(file) => {
              void send(file);
              return false;
            }}
          >
            <Button type="primary" icon={<UploadOutlined />} loading={busy}>
              {t("import.choose")}
            </Button>
          </Upload>
        </div>
        <p className="soft">{t("import.columns", { columns: COLUMNS[kind] })}</p>
        {mapping === null ? null : (
          <Mapping
            looked={mapping.looked}
            busy={busy}
            onClose={() => setMapping(null)}
            onSend={(columns, trial) => {
              void send(mapping.file, `?${new URLSearchParams({ columns, trial: String(trial) })}`);
              if (!trial) setMapping(null);
            }}
          />
        )}
        {failure === null ? null : <Alert type="error" showIcon role="alert" title={failure} closable={{ onClose: () => setFailure(null) }} />}
      </Panel>
      <Panel title={t("import.runs")} extra={<Save title={t("import.runs")} columns={columns} rows={rows} />}>
        <Listing label={t("import.runs")} columns={columns} of={imports} rowKey={(row) => row.job} empty={t("import.none")} />
      </Panel>
      <Openings />
    </>
  );
}

const both = (amounts: Schemas["Amounts"]) => amounts.value + amounts.bonus;

/** Value and bonus together, with all that it holds as a hint. */
function Parts({ of }: { of: Schemas["Amounts"] }) {
  const { t } = useWords();
  return <span title={t("import.parts", { value: fen(of.value), bonus: fen(of.bonus), points: count(of.points), uses: count(of.uses) })}>{fen(both(of))}</span>;
}

function State({ row }: { row: Row }) {
  const { t } = useWords();
  if (row.state === "running") return <Progress percent={row.lines === 0 ? 0 : Math.floor((row.done / row.lines) * 100)} size="small" aria-label={t("import.running")} />;
  if (row.state === "failed") return <span className="bad-text">{t("import.failed_why", { why: row.why ?? "" })}</span>;
  if (row.trial) return <span>{t("import.trial")}</span>;
  return <span>{row.finished_ms === null ? t("import.done") : t("import.done_at", { at: dayClock(row.finished_ms) })}</span>;
}
