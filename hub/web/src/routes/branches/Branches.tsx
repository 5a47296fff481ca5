import { PlusOutlined } from "@ant-design/icons";
import { count } from "@catena/web/money.ts";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Alert, Button } from "antd";
import { useState } from "react";
import { exportAddress, useRead, type Schemas } from "../../api";
import { number, opening, text, time } from "../../kit/columns";
import { Export } from "../../kit/Export";
import { Listing } from "../../kit/Listing";
import { PageHead } from "../../kit/Panel";
import { behind, light, sealed } from "../../lights";
import { useHub, useMay, useNowMs } from "../../session";
import { useWords } from "../../words";
import { BranchDrawer } from "./BranchDrawer";
import { BranchForm } from "./BranchForm";
import { deviceText, LightSign, spanText, unsentText } from "./signs";

type Row = Schemas["Branch"];

/** Every branch: link, lag, what it has not sent, devices, and the price list its tills show. */
export default function Branches() {
  const speech = useWords();
  const { t } = speech;
  const may = useMay();
  const nowMs = useNowMs();
  const release = useHub()?.price_release ?? 0;
  const navigate = useNavigate();
  const open = useSearch({ strict: false }).id;
  const branches = useRead("/api/branches");
  const [adding, setAdding] = useState(false);
  const rows = branches.data?.rows ?? [];
  const chosen = rows.find((row) => row.id === open) ?? null;
  const columns = [
    text<Row>(t("branch.state"), (row) => t(`light.${light(row)}`), {
      filter: rows,
      show: (row) => (
        <span className="state">
          <LightSign of={light(row)} /> {sealed(row) ? t("link.sealed") : row.link === "down" ? t("link.down", { since: spanText(speech, nowMs - row.seen_ms) }) : t(`light.${light(row)}`)}
        </span>
      ),
    }),
    opening<Row>(t("branch"), (row) => speech.name(row), (row) => void navigate({ to: "/branches", search: { id: row.id } }), { show: (row) => `${row.code} ${speech.name(row)}` }),
    time<Row>(t("branch.seen"), (row) => (row.seen_ms === 0 ? null : row.seen_ms)),
    number<Row>(t("branch.lag"), (row) => row.lag_ms, (ms, row) => (row.link === "up" && row.unsent === 0 ? t("branch.caught_up") : ms < 1_000 ? t("branch.at_once") : ms < 60_000 ? t("branch.seconds", { n: Math.round(ms / 1_000) }) : spanText(speech, ms))),
    number<Row>(t("branch.unsent"), (row) => row.unsent, (n, row) => <span className={n > 0 ? "warn-text" : ""}>{unsentText(speech, row, n)}</span>),
    text<Row>(t("branch.devices"), (row) => row.devices.filter((device) => device.state !== "ok" && device.state !== "off").map((device) => deviceText(speech, device)).join(t("list.and")), {
      show: (row) => <Devices row={row} />,
    }),
    number<Row>(t("branch.release"), (row) => row.price_release, (n) => <span className={n < release ? "warn-text" : ""}>{`v${n}`}</span>),
    number<Row>(t("branch.shifts"), (row) => row.open_shifts, count),
  ];
  return (
    <>
      <PageHead title={t("page.branches")}>
        {may("branches") ? (
          <Button icon={<PlusOutlined />} onClick={() => setAdding(true)}>
            {t("branch.add")}
          </Button>
        ) : null}
        <Export href={exportAddress("branches")} />
      </PageHead>
      <Behind rows={rows} release={release} />
      <section className="panel">
        <Listing label={t("page.branches")} columns={columns} of={branches} rowKey={(row) => row.id} />
      </section>
      <BranchDrawer branch={chosen} onClose={() => void navigate({ to: "/branches", search: {} })} />
      <BranchForm open={adding} branch={null} onClose={() => setAdding(false)} />
    </>
  );
}

function Devices({ row }: { row: Row }) {
  const speech = useWords();
  const bad = row.devices.filter((device) => device.state === "failed" || device.state === "trying");
  if (row.devices.length === 0) return <span className="soft">—</span>;
  if (bad.length === 0) return <span>{speech.t("branch.devices_ok", { n: row.devices.length })}</span>;
  return <span className="bad-text">{bad.map((device) => deviceText(speech, device)).join(speech.t("list.and"))}</span>;
}

/** Which tills still show an old price list. */
export function Behind({ rows, release }: { rows: Row[]; release: number }) {
  const speech = useWords();
  const { t } = speech;
  const old = behind(rows, release);
  if (old.length === 0) return null;
  const said = old.map((one) => t("release.behind", { n: one.release, names: one.branches.map((branch) => speech.name(branch)).join(t("list.and")) }));
  return <Alert type="info" showIcon title={`${t("release.now", { n: release })} · ${said.join(" ")}`} />;
}
