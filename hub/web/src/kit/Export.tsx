import { DownloadOutlined } from "@ant-design/icons";
import { App, Button, Input, Popover } from "antd";
import { useState } from "react";
import { useWords } from "../words";
import { sentence } from "../words/refusal";
import type { Column } from "./columns";
import { type Cell, fetchList, fetchTable } from "./sheet";

/** Fetches a file, and says so when it does not come. */
function useFile(): [busy: boolean, fetch: (file: () => Promise<void>) => Promise<boolean>] {
  const speech = useWords();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const run = async (file: () => Promise<void>) => {
    setBusy(true);
    try {
      await file();
      return true;
    } catch (failure) {
      void message.error(sentence(speech, failure));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return [busy, run];
}

/** The whole list as an Excel file, with the filters of the page; of a `personal` one the reason is asked and noted. */
export function Export({ href, personal = false }: { href: string; personal?: boolean }) {
  const { t } = useWords();
  const [busy, run] = useFile();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const send = async () => {
    if (await run(() => fetchList(href, reason.trim()))) setAsking(false);
  };
  const button = (
    <Button loading={busy} icon={<DownloadOutlined />} {...(personal ? {} : { onClick: () => void send() })}>
      {t("export")}
    </Button>
  );
  if (!personal) return button;
  const ask = (
    <form
      className="export-reason"
      onSubmit={(event) => {
        event.preventDefault();
        if (reason.trim() !== "") void send();
      }}
    >
      <label>
        {t("export.reason")}
        <Input value={reason} maxLength={200} autoFocus onChange={(event) => setReason(event.target.value)} />
      </label>
      <p className="soft">{t("export.noted")}</p>
      <Button type="primary" htmlType="submit" disabled={reason.trim() === ""} loading={busy}>
        {t("export.do")}
      </Button>
    </form>
  );
  return (
    <Popover trigger="click" placement="bottomRight" open={asking} onOpenChange={setAsking} content={ask} destroyOnHidden>
      {button}
    </Popover>
  );
}

/** Rows that the page holds whole, as an Excel file. */
export function Save<T extends object>({ title, columns, rows }: { title: string; columns: Column<T>[]; rows: readonly T[] }) {
  const filed = columns.flatMap(({ title: head, cell }) => (cell === undefined ? [] : [{ head, cell }]));
  return <SaveTable title={title} columns={filed.map(({ head }) => head)} rows={rows.map((row) => filed.map(({ cell }) => cell(row)))} />;
}

/** Cells that the page made, as an Excel file. */
export function SaveTable({ title, columns, rows }: { title: string; columns: readonly string[]; rows: readonly (readonly Cell[])[] }) {
  const { t } = useWords();
  const [busy, run] = useFile();
  return (
    <Button disabled={rows.length === 0} loading={busy} icon={<DownloadOutlined />} onClick={() => void run(() => fetchTable(title, columns, rows))}>
      {t("export")}
    </Button>
  );
}
