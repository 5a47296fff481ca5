import { PlusOutlined } from "@ant-design/icons";
import { App, Button, Form, Input, Modal, Select, Space, Tag } from "antd";
import { useState } from "react";
import { exportAddress, useRead, type Schemas } from "../api";
import { opening, text } from "../kit/columns";
import { Export } from "../kit/Export";
import { Listing } from "../kit/Listing";
import { PageHead, Panel } from "../kit/Panel";
import { useCommand } from "../kit/useCommand";
import { useWords } from "../words";

type Row = Schemas["Staff"];
type Role = Schemas["Role"];

/** Who works here, with which roles; PINs are for tills, passwords for this page. */
export default function Staff() {
  const speech = useWords();
  const { t } = speech;
  const staff = useRead("/api/staff");
  const roles = useRead("/api/roles");
  const [editing, setEditing] = useState<Row | "new" | null>(null);
  const [secret, setSecret] = useState<{ of: Row; kind: "pin" | "password" } | null>(null);
  const [disabling, setDisabling] = useState<Row | null>(null);
  const rows = staff.data?.rows ?? [];
  const columns = [
    text<Row>(t("staff.code"), (row) => row.code, { className: "figure" }),
    opening<Row>(t("staff.name"), (row) => row.name, setEditing, { show: (row) => <>{row.name} {row.disabled ? <Tag color="error">{t("staff.disabled")}</Tag> : null}</> }),
    text<Row>(t("branch"), (row) => (row.branch === null ? t("all_branches") : speech.name(row.branch)), { filter: rows }),
    text<Row>(t("field.roles"), (row) => row.roles.map((role) => speech.name(role)).join(t("list.and")), { filter: rows }),
    text<Row>(t("staff.pin"), (row) => t(row.pin_set ? "pin.set" : "pin.none"), { filter: rows }),
    text<Row>(t("staff.password"), (row) => t(row.password_set ? "pin.set" : "pin.none"), { filter: rows }),
    {
      title: t("product.acts"),
      key: "acts",
      render: (_: unknown, row: Row) => (
        <Space>
          <Button onClick={() => setSecret({ of: row, kind: "pin" })}>{t("staff.new_pin")}</Button>
          <Button onClick={() => setSecret({ of: row, kind: "password" })}>{t("staff.new_password")}</Button>
          <Button danger={!row.disabled} onClick={() => setDisabling(row)}>
            {t(row.disabled ? "staff.enable" : "staff.disable")}
          </Button>
        </Space>
      ),
    },
  ];
  const roleColumns = [
    text<Role>(t("field.code"), (row) => row.code),
    text<Role>(t("role.name"), (row) => speech.name(row)),
    text<Role>(t("role.rights"), (row) => row.rights.map((right) => speech.say(`right.${right}`, "right.other", { code: right })).join(t("list.and"))),
  ];
  return (
    <>
      <PageHead title={t("page.staff")}>
        <Button icon={<PlusOutlined />} onClick={() => setEditing("new")}>
          {t("staff.add")}
        </Button>
        <Export href={exportAddress("staff")} />
      </PageHead>
      <section className="panel">
        <Listing label={t("page.staff")} columns={columns} of={staff} rowKey={(row) => row.id} />
      </section>
      <Panel title={t("role.title")} extra={<Export href={exportAddress("roles")} />}>
        <Listing label={t("role.title")} columns={roleColumns} of={roles} rowKey={(row) => row.code} pageRows={10} />
      </Panel>
      <StaffForm staff={editing} roles={roles.data?.rows ?? []} onClose={() => setEditing(null)} />
      <Secret secret={secret} onClose={() => setSecret(null)} />
      <Disable staff={disabling} onClose={() => setDisabling(null)} />
    </>
  );
}

function StaffForm({ staff, roles, onClose }: { staff: Row | "new" | null; roles: Role[]; onClose: () => void }) {
  const speech = useWords();
  const { t } = speech;
  const branches = useRead("/api/branches").data?.rows ?? [];
  const write = useCommand("staff_write", ["/api/staff"]);
  const [form] = Form.useForm<{ code: string; name: string; branch: string; roles: string[] }>();
  const one = staff === "new" || staff === null ? null : staff;
  return (
    <Modal open={staff !== null} title={t(one === null ? "staff.add" : "staff.edit")} okText={t("save")} cancelText={t("cancel")} confirmLoading={write.busy} destroyOnHidden onCancel={onClose} onOk={() => form.submit()}>
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={one === null ? { branch: "", roles: [] } : { code: one.code, name: one.name, branch: one.branch?.id ?? "", roles: one.roles.map((role) => role.code) }}
        onFinish={(typed) => void write.say({ staff: one?.id ?? null, code: typed.code.trim(), name: typed.name.trim(), branch: typed.branch || null, roles: typed.roles }).then((answer) => answer === null || onClose())}
      >
        <Form.Item name="code" label={t("staff.code")} rules={[{ required: true, message: t("needed") }]}>
          <Input maxLength={20} disabled={one !== null} />
        </Form.Item>
        <Form.Item name="name" label={t("staff.name")} rules={[{ required: true, message: t("needed") }]}>
          <Input maxLength={40} />
        </Form.Item>
        <Form.Item name="branch" label={t("branch")}>
          <Select options={[{ value: "", label: t("all_branches") }, ...branches.map((branch) => ({ value: branch.id, label: speech.name(branch) }))]} />
        </Form.Item>
        <Form.Item name="roles" label={t("field.roles")}>
          <Select mode="multiple" options={roles.map((role) => ({ value: role.code, label: speech.name(role) }))} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

function Secret({ secret, onClose }: { secret: { of: Row; kind: "pin" | "password" } | null; onClose: () => void }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const [typed, setTyped] = useState("");
  const pin = useCommand("staff_pin", ["/api/staff"]);
  const password = useCommand("staff_password", ["/api/staff"]);
  const save = async () => {
    if (secret === null) return;
    const answer = secret.kind === "pin" ? await pin.say({ staff: secret.of.id, pin: typed }) : await password.say({ staff: secret.of.id, password: typed });
    if (answer === null) return;
    void message.success(t("pin.saved"));
    setTyped("");
    onClose();
  };
  const isPin = secret?.kind !== "password";
  return (
    <Modal open={secret !== null} title={t(isPin ? "staff.pin_of" : "staff.password_of", { name: secret?.of.name ?? "" })} okText={t("save")} cancelText={t("cancel")} confirmLoading={pin.busy || password.busy} onOk={() => void save()} onCancel={onClose} destroyOnHidden>
      <p>{t(isPin ? "staff.pin_text" : "staff.password_text")}</p>
      <Input.Password autoFocus autoComplete="new-password" aria-label={t(isPin ? "staff.new_pin" : "staff.new_password")} maxLength={isPin ? 12 : 200} value={typed} onChange={(event) => setTyped(event.target.value)} />
    </Modal>
  );
}

function Disable({ staff, onClose }: { staff: Row | null; onClose: () => void }) {
  const { t } = useWords();
  const [reason, setReason] = useState("");
  const disable = useCommand("staff_disable", ["/api/staff"]);
  const save = async () => {
    if (staff !== null && (await disable.say({ staff: staff.id, disabled: !staff.disabled, reason: reason.trim() })) !== null) onClose();
  };
  return (
    <Modal open={staff !== null} title={t(staff?.disabled === true ? "staff.enable_ask" : "staff.disable_ask", { name: staff?.name ?? "" })} okText={t("confirm.do")} cancelText={t("cancel")} okButtonProps={{ danger: staff?.disabled !== true }} confirmLoading={disable.busy} onOk={() => void save()} onCancel={onClose} destroyOnHidden>
      <Input aria-label={t("field.reason")} placeholder={t("field.reason")} maxLength={80} value={reason} onChange={(event) => setReason(event.target.value)} />
    </Modal>
  );
}
