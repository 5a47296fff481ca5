import { PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { exportAddress, useRead } from "../../api";
import { opening, text } from "../../kit/columns";
import { Export } from "../../kit/Export";
import { Listing } from "../../kit/Listing";
import { PageHead } from "../../kit/Panel";
import { useWords } from "../../words";
import { AddSetting } from "./AddSetting";
import { Levels } from "./Levels";
import { rangeOf, type Setting, titleOf, valueOf } from "./setting";
import { SettingForm } from "./SettingForm";

/** The chain's rules: settings by group, and the members' levels. */
export default function Settings() {
  const speech = useWords();
  const { t } = speech;
  const settings = useRead("/api/settings");
  const [editing, setEditing] = useState<Setting | null>(null);
  const [adding, setAdding] = useState(false);
  const rows = settings.data?.rows ?? [];
  const columns = [
    text<Setting>(t("setting.group"), (row) => speech.say(`setting.${row.group}`, "code", { what: row.group }), { filter: rows }),
    opening<Setting>(t("setting.key"), (row) => titleOf(speech, row.key), setEditing),
    text<Setting>(t("setting.now"), (row) => valueOf(speech, row, row.value ?? row.default), {
      show: (row) => (
        <>
          {valueOf(speech, row, row.value ?? row.default)} {row.value === null ? <span className="soft">{t("setting.unset")}</span> : null}
        </>
      ),
    }),
    text<Setting>(t("setting.range"), (row) => rangeOf(speech, row), { className: "soft" }),
    { title: t("product.acts"), key: "acts", render: (_: unknown, row: Setting) => <Button onClick={() => setEditing(row)}>{t("edit")}</Button> },
  ];
  return (
    <>
      <PageHead title={t("page.settings")}>
        <Button icon={<PlusOutlined />} onClick={() => setAdding(true)}>
          {t("setting.add")}
        </Button>
        <Export href={exportAddress("settings")} />
      </PageHead>
      <section className="panel">
        <Listing label={t("page.settings")} columns={columns} of={settings} rowKey={(row) => `${row.group}/${row.key}`} pageRows={50} />
      </section>
      <Levels />
      <AddSetting
        open={adding}
        onClose={(setting) => {
          setAdding(false);
          setEditing(setting);
        }}
      />
      <SettingForm key={editing === null ? "" : `${editing.group}/${editing.key}`} setting={editing} onClose={() => setEditing(null)} />
    </>
  );
}
