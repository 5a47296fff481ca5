import { count, yuan } from "@catena/web/money.ts";
import { dayClock } from "@catena/web/when.ts";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { App, Button, Input, Modal, Space, Switch } from "antd";
import { useState } from "react";
import { exportAddress, useList, type Schemas } from "../api";
import { number, text } from "../kit/columns";
import { Export } from "../kit/Export";
import { Listing } from "../kit/Listing";
import { PageHead } from "../kit/Panel";
import { useCommand } from "../kit/useCommand";
import { useHub, useMay } from "../session";
import { useWords } from "../words";
import { spanText } from "./branches/signs";

type Row = Schemas["Exception"];
/** An exception that nobody owns for longer than this is marked. */
const OLD_MS = 24 * 3_600_000;

/** What the hub booked although something was wrong with it: each needs a person. */
export default function Exceptions() {
  const speech = useWords();
  const { t } = speech;
  const may = useMay();
  const me = useHub()?.session?.person.id ?? null;
  const navigate = useNavigate();
  const all = useSearch({ strict: false }).all === true;
  const query = all ? {} : { open: true };
  const exceptions = useList("/api/exceptions", { query });
  const own = useCommand("own_exception", ["/api/exceptions", "/api/status"]);
  const collect = useCommand("collect_debt", ["/api/exceptions", "/api/status", "/api/members"]);
  const { message } = App.useApp();
  const take = async (row: Row) => {
    const left = (await collect.say({ exception: row.id }))?.exception.owed;
    if (left !== undefined) void message.info(left === 0 ? t("debt.collected") : t("debt.called_in", { left: owedText(row, left) }), 6);
  };
  const [closing, setClosing] = useState<Row | null>(null);
  const rows = exceptions.data?.rows ?? [];
  const noteOf = (row: Row) => (row.what === "negative_balance" ? speech.say(`debt.${row.note}`, "code", { what: row.note }) : row.note);
  const columns = [
    number<Row>(t("exception.age"), (row) => row.age_ms, (ms, row) => <span className={row.progress === "open" && ms > OLD_MS ? "bad-text" : ""}>{spanText(speech, ms)}</span>, { align: "left", defaultSortOrder: "descend" }),
    text<Row>(t("exception.what"), (row) => speech.say(`exception.${row.what}`, "code", { what: row.what }), {
      filter: rows,
      className: "wraps",
      show: (row) => (
        <>
          {speech.say(`exception.${row.what}`, "code", { what: row.what })}
          <div className="soft">{noteOf(row)}</div>
        </>
      ),
    }),
    text<Row>(t("branch"), (row) => (row.branch === null ? t("head_office") : speech.name(row.branch)), { filter: rows }),
    text<Row>(t("member"), (row) => row.member?.name ?? "", {
      show: (row) => (row.member === null ? "" : may("members") ? <Link to="/members" search={{ id: row.member.id }}>{row.member.name}</Link> : row.member.name),
    }),
    number<Row>(t("sale.amount"), (row) => (row.amount === 0 ? null : row.amount), (amount, row) => (
      <>
        {yuan(amount)}
        {row.owed === 0 ? null : (
          <div className="below">
            {t("debt.left")} {owedText(row, row.owed)}
          </div>
        )}
      </>
    )),
    text<Row>(t("exception.progress"), (row) => t(`progress.${row.progress}`), {
      filter: rows,
      show: (row) => (
        <>
          {t(`progress.${row.progress}`)}
          <div className="soft figure">
            {row.owner?.name} {row.touched_ms === 0 ? "" : dayClock(row.touched_ms)}
          </div>
        </>
      ),
    }),
    {
      title: t("product.acts"),
      key: "acts",
      fixed: "end" as const,
      render: (_: unknown, row: Row) =>
        row.progress === "closed" ? null : (
          <Space>
            {row.owner?.id === me && me !== null ? null : (
              <Button loading={own.busy} onClick={() => void own.say({ exception: row.id })}>
                {t("exception.own")}
              </Button>
            )}
            {row.owed === 0 ? null : (
              <Button loading={collect.busy} onClick={() => void take(row)}>
                {t("debt.collect")}
              </Button>
            )}
            <Button onClick={() => setClosing(row)}>{t(actOf(row))}</Button>
          </Space>
        ),
    },
  ];
  return (
    <>
      <PageHead title={t("page.exceptions")}>
        <label className="switch">
          <Switch checked={all} onChange={(on) => void navigate({ to: "/exceptions", search: on ? { all: true } : {} })} /> {t("exception.closed_too")}
        </label>
        <Export href={exportAddress("exceptions", query)} />
      </PageHead>
      <section className="panel">
        <Listing label={t("page.exceptions")} columns={columns} of={exceptions} rowKey={(row) => row.id} empty={t("exceptions.none")} more={{ scroll: { x: "max-content" } }} />
      </section>
      <Close exception={closing} onDone={() => setClosing(null)} />
    </>
  );
}

/** Credit above the limits waits until it is confirmed; to close its exception is to confirm it. */
const confirms = (row: Row) => row.what === "issue_limit";
/** What is still owed is given up by closing its exception. */
const actOf = (row: Row) => (confirms(row) ? "exception.confirm" : row.owed === 0 ? "exception.close" : "debt.write_off");
/** Points and uses are counted, value is money. */
const owedText = (row: Row, owed: number) => (row.note === "value" || row.note === "bonus" ? yuan(owed) : count(owed));

function Close({ exception, onDone }: { exception: Row | null; onDone: () => void }) {
  const speech = useWords();
  const { t } = speech;
  const [note, setNote] = useState("");
  const close = useCommand("close_exception", ["/api/exceptions", "/api/status"]);
  const confirm = useCommand("confirm_issues", ["/api/exceptions", "/api/status"]);
  const writeOff = useCommand("write_off_debt", ["/api/exceptions", "/api/status", "/api/members"]);
  const act = exception === null ? "exception.close" : actOf(exception);
  const save = async () => {
    const command = act === "exception.confirm" ? confirm : act === "debt.write_off" ? writeOff : close;
    if (exception === null || (await command.say({ exception: exception.id, note: note.trim() })) === null) return;
    setNote("");
    onDone();
  };
  return (
    <Modal open={exception !== null} title={t(act)} okText={t(act)} cancelText={t("cancel")} confirmLoading={close.busy || confirm.busy || writeOff.busy} okButtonProps={{ disabled: note.trim() === "" }} onOk={() => void save()} onCancel={onDone} destroyOnHidden>
      <p>{exception === null ? "" : speech.say(`exception.${exception.what}`, "code", { what: exception.what })}</p>
      {exception !== null && confirms(exception) ? <p>{t("exception.confirm_means")}</p> : null}
      {exception !== null && act === "debt.write_off" ? <p>{t("debt.write_off_means", { owed: owedText(exception, exception.owed) })}</p> : null}
      <Input.TextArea autoFocus aria-label={t("exception.found")} placeholder={t("exception.found")} maxLength={200} autoSize={{ minRows: 2 }} value={note} onChange={(event) => setNote(event.target.value)} />
    </Modal>
  );
}
