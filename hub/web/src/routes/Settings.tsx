import { count, discount, fen } from "@catena/web/money.ts";
import { Button, Input, Modal } from "antd";
import { useState } from "react";
import { exportAddress, useRead, type Schemas } from "../api";
import { money, number, opening, text } from "../kit/columns";
import { Export, Listing } from "../kit/Listing";
import { PageHead, Panel } from "../kit/Panel";
import { useCommand } from "../kit/useCommand";
import { useWords } from "../words";

type Setting = Schemas["Setting"];
type Level = Schemas["Level"];

/** The chain's rules: settings by group, and the members' levels. */
export default function Settings() {
  const speech = useWords();
  const { t } = speech;
  const settings = useRead("/api/settings");
  const levels = useRead("/api/levels");
  const [editing, setEditing] = useState<Setting | null>(null);
  const rows = settings.data?.rows ?? [];
  const columns = [
    text<Setting>(t("setting.group"), (row) => speech.say(`setting.${row.group}`, "code", { what: row.group }), { filter: rows, defaultSortOrder: "ascend" }),
    opening<Setting>(t("setting.key"), (row) => row.key, setEditing),
    text<Setting>(t("field.value"), (row) => row.value ?? "", { show: (row) => row.value ?? <span className="soft">{t("setting.unset")}</span> }),
    { title: t("product.acts"), key: "acts", render: (_: unknown, row: Setting) => <Button onClick={() => setEditing(row)}>{t("edit")}</Button> },
  ];
  const levelColumns = [
    number<Level>(t("level.rank"), (row) => row.rank, count, { defaultSortOrder: "ascend" }),
    text<Level>(t("member.level"), (row) => speech.name(row)),
    text<Level>(t("level.rate"), (row) => discount(row.rate, speech.language) ?? "—"),
    number<Level>(t("level.points"), (row) => row.points_factor, (factor) => `× ${factor / 10_000}`),
    money<Level>(t("level.threshold"), (row) => row.threshold, { render: (_, row) => fen(row.threshold) }),
  ];
  return (
    <>
      <PageHead title={t("page.settings")}>
        <Export href={exportAddress("settings")} />
      </PageHead>
      <section className="panel">
        <Listing label={t("page.settings")} columns={columns} of={settings} rowKey={(row) => `${row.group}/${row.key}`} pageRows={50} />
      </section>
      <Panel title={t("level.title")} extra={<Export href={exportAddress("levels")} />}>
        <Listing label={t("level.title")} columns={levelColumns} of={levels} rowKey={(row) => row.code} pageRows={10} />
      </Panel>
      <Write key={editing === null ? "" : `${editing.group}/${editing.key}`} setting={editing} onClose={() => setEditing(null)} />
    </>
  );
}

function Write({ setting, onClose }: { setting: Setting | null; onClose: () => void }) {
  const { t } = useWords();
  const [value, setValue] = useState(setting?.value ?? "");
  const write = useCommand("setting_write", ["/api/settings"]);
  const save = async () => {
    if (setting !== null && (await write.say({ group: setting.group, key: setting.key, value: value === "" ? null : value })) !== null) onClose();
  };
  return (
    <Modal open={setting !== null} title={setting === null ? "" : t("setting.of", { group: setting.group, key: setting.key })} okText={t("save")} cancelText={t("cancel")} confirmLoading={write.busy} onOk={() => void save()} onCancel={onClose} destroyOnHidden>
      <Input autoFocus aria-label={t("field.value")} maxLength={400} value={value} onChange={(event) => setValue(event.target.value)} />
      <p className="soft">{t("setting.empty")}</p>
    </Modal>
  );
}
