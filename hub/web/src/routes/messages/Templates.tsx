import { Button, Form, Input, Modal } from "antd";
import { useState } from "react";
import type { Schemas } from "../../api";
import { opening, text } from "../../kit/columns";
import { Listing } from "../../kit/Listing";
import { Panel } from "../../kit/Panel";
import { useCommand } from "../../kit/useCommand";
import { useMay } from "../../session";
import { useWords } from "../../words";

type House = Schemas["MessageHouse"];
type Template = Schemas["Template"];
const NEW: Template = { code: "", name: "", gateway: "", text: "" };

/** The texts that are sent; who may change settings writes them. */
export function Templates({ house }: { house: House }) {
  const { t } = useWords();
  const may = useMay();
  const [editing, setEditing] = useState<Template | null>(null);
  const columns = [
    may("settings") ? opening<Template>(t("template.name"), (row) => row.name, setEditing) : text<Template>(t("template.name"), (row) => row.name),
    text<Template>(t("template.code"), (row) => row.code),
    text<Template>(t("template.gateway"), (row) => row.gateway),
    text<Template>(t("template.text"), (row) => row.text),
  ];
  return (
    <Panel title={t("templates")} extra={may("settings") ? <Button onClick={() => setEditing(NEW)}>{t("template.add")}</Button> : null}>
      <Listing label={t("templates")} columns={columns} of={{ data: { rows: house.templates }, error: null, refetch: () => undefined }} rowKey={(row) => row.code} empty={t("templates.none")} />
      {editing === null ? null : <TemplateForm key={editing.code} template={editing} onClose={() => setEditing(null)} />}
    </Panel>
  );
}

function TemplateForm({ template, onClose }: { template: Template; onClose: () => void }) {
  const { t } = useWords();
  const write = useCommand("setting_write", ["/api/message_house", "/api/settings"]);
  const [form] = Form.useForm<Template>();
  const save = async () => {
    const typed = await form.validateFields().catch(() => null);
    if (typed === null) return;
    const value = [typed.name.trim(), typed.gateway.trim(), typed.text.trim()].join("|");
    if ((await write.say({ group: "messages", key: `template:${typed.code.trim()}`, value })) !== null) onClose();
  };
  const remove = async () => {
    if ((await write.say({ group: "messages", key: `template:${template.code}`, value: null })) !== null) onClose();
  };
  const code = { pattern: /^[A-Za-z0-9_.-]{1,16}$/, message: t("template.code_form") };
  const braces = { validator: (_: unknown, typed: string) => (/\{(?!(name|value|points)\})/.test(typed) ? Promise.reject(new Error(t("template.braces"))) : Promise.resolve()) };
  return (
    <Modal
      open
      title={t(template.code === "" ? "template.add" : "template.edit")}
      onCancel={onClose}
      footer={[
        template.code === "" ? null : (
          <Button key="remove" danger onClick={() => void remove()}>
            {t("template.remove")}
          </Button>
        ),
        <Button key="cancel" onClick={onClose}>
          {t("cancel")}
        </Button>,
        <Button key="save" type="primary" loading={write.busy} onClick={() => void save()}>
          {t("save")}
        </Button>,
      ]}
    >
      <Form form={form} layout="vertical" requiredMark={false} initialValues={template}>
        <Form.Item name="name" label={t("template.name")} rules={[{ required: true, message: t("needed") }, { pattern: /^[^|]*$/, message: t("template.no_bar") }]}>
          <Input maxLength={30} />
        </Form.Item>
        <Form.Item name="code" label={t("template.code")} rules={[{ required: true, message: t("needed") }, code]}>
          <Input maxLength={16} disabled={template.code !== ""} />
        </Form.Item>
        <Form.Item name="gateway" label={t("template.gateway")} extra={t("template.gateway_what")} rules={[{ pattern: /^[A-Za-z0-9_.-]{0,40}$/, message: t("template.code_form") }]}>
          <Input maxLength={40} />
        </Form.Item>
        <Form.Item name="text" label={t("template.text")} extra={t("template.text_what", { name: "{name}", value: "{value}", points: "{points}" })} rules={[{ required: true, message: t("needed") }, braces]}>
          <Input.TextArea maxLength={380} autoSize={{ minRows: 3 }} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
