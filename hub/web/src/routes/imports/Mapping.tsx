import { Alert, Button, Modal, Select, Table } from "antd";
import { useState } from "react";
import { useWords } from "../../words";

/** What a file holds, as the hub reads its beginning. */
export interface Looked {
  columns: string[];
  lines: string[][];
  known: string[];
  required: string[];
}

/** What each column of a file is; none is left out. `onSend` gets the names in the order of the file. */
export function Mapping({ looked, busy, onSend, onClose }: { looked: Looked; busy: boolean; onSend: (columns: string, trial: boolean) => void; onClose: () => void }) {
  const speech = useWords();
  const { t } = speech;
  const called = (name: string) => speech.say(`column.${name}`, "column.other", { what: name });
  const guess = (head: string) => looked.known.find((name) => name === head || called(name).split("/").includes(head)) ?? "";
  const [is, setIs] = useState(() => looked.columns.map(guess));
  const missing = looked.required.filter((name) => !is.includes(name));
  const send = (trial: boolean) => onSend(is.join(","), trial);
  return (
    <Modal
      open
      width={760}
      title={t("import.map_title")}
      onCancel={onClose}
      footer={[
        <Button key="try" loading={busy} disabled={missing.length > 0} onClick={() => send(true)}>
          {t("import.try")}
        </Button>,
        <Button key="import" type="primary" loading={busy} disabled={missing.length > 0} onClick={() => send(false)}>
          {t("import.bring_in")}
        </Button>,
      ]}
    >
      <p>{t("import.map_what")}</p>
      {missing.length === 0 ? null : <Alert type="warning" showIcon title={t("import.missing_columns", { columns: missing.map(called).join(" ") })} />}
      <Table
        size="small"
        pagination={false}
        rowKey="at"
        dataSource={looked.columns.map((head, at) => ({ at, head, sample: looked.lines.map((line) => line[at] ?? "").filter(Boolean).join("  ") }))}
        columns={[
          { title: t("import.file_column"), dataIndex: "head" },
          { title: t("import.sample"), dataIndex: "sample", ellipsis: true },
          {
            title: t("import.is"),
            key: "is",
            render: (_: unknown, row: { at: number; head: string }) => (
              <Select
                aria-label={`${t("import.is")} ${row.head}`}
                className="column-is"
                value={is[row.at] ?? ""}
                onChange={(name: string) => setIs(is.map((old, at) => (at === row.at ? name : name !== "" && old === name ? "" : old)))}
                options={["", ...looked.known].map((name) => ({ value: name, label: name === "" ? t("import.leave_out") : `${called(name)} (${name})` }))}
                popupMatchSelectWidth={false}
              />
            ),
          },
        ]}
      />
    </Modal>
  );
}
