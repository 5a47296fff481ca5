import { PlusOutlined } from "@ant-design/icons";
import { fen, readFen, typed as typedFen } from "@catena/web/money.ts";
import { Button, Checkbox, Form, Input, InputNumber, Modal, Select, Tag } from "antd";
import { useState } from "react";
import { useList, useRead, type Schemas } from "../../api";
import { money, number, opening, text } from "../../kit/columns";
import { Listing } from "../../kit/Listing";
import { Panel } from "../../kit/Panel";
import { useCommand } from "../../kit/useCommand";
import { useWords } from "../../words";

type Package = Schemas["Package"];

interface Typed {
  code: string;
  name: string;
  name_en?: string;
  price: string;
  days: number;
  branches: string[];
  retired: boolean;
  items: { services: number[]; uses: number; gift: number; daily: boolean; from: string; until: string }[];
}

/** Kinds of counted packages that the tills sell. */
export function Packages() {
  const speech = useWords();
  const { t } = speech;
  const packages = useRead("/api/packages");
  const [editing, setEditing] = useState<Package | "new" | null>(null);
  const columns = [
    text<Package>(t("package.code"), (row) => row.code, { className: "figure" }),
    opening<Package>(t("field.name"), (row) => speech.name(row), setEditing, {
      show: (row) => (
        <>
          {speech.name(row)} {row.retired ? <Tag>{t("product.retired")}</Tag> : null}
        </>
      ),
    }),
    money<Package>(t("product.price"), (row) => row.price),
    number<Package>(t("package.uses"), (row) => row.items.reduce((sum, item) => sum + item.uses, 0), (n) => String(n)),
    number<Package>(t("package.gift"), (row) => row.items.reduce((sum, item) => sum + item.gift, 0), (n) => String(n)),
    number<Package>(t("package.days"), (row) => row.days, (n) => (n === 0 ? t("package.no_end") : String(n))),
  ];
  return (
    <Panel
      title={t("package.title")}
      extra={
        <Button icon={<PlusOutlined />} onClick={() => setEditing("new")}>
          {t("package.add")}
        </Button>
      }
    >
      <Listing label={t("package.title")} columns={columns} of={packages} rowKey={(row) => row.id} pageRows={20} />
      {editing === null ? null : <PackageForm kind={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </Panel>
  );
}

function PackageForm({ kind, onClose }: { kind: Package | null; onClose: () => void }) {
  const speech = useWords();
  const { t } = speech;
  const write = useCommand("package_write", ["/api/packages"]);
  const products = useList("/api/products", { query: {} }).data?.rows ?? [];
  const branches = useRead("/api/branches").data?.rows ?? [];
  const [form] = Form.useForm<Typed>();
  const save = async (typed: Typed) => {
    const answer = await write.say({
      package: kind?.id ?? null,
      code: typed.code,
      name: typed.name,
      name_en: typed.name_en?.trim() || null,
      price: readFen(typed.price) ?? 0,
      days: typed.days,
      branches: typed.branches,
      retired: typed.retired,
      items: typed.items.map((item) => ({ services: item.services, uses: item.uses, gift: item.gift, daily: item.daily, from_minute: minutes(item.from), until_minute: minutes(item.until) })),
    });
    if (answer !== null) onClose();
  };
  const item = { services: [], uses: 10, gift: 0, daily: false, from: "0:00", until: "24:00" };
  const first: Typed =
    kind === null
      ? { code: "", name: "", price: "", days: 365, branches: [], retired: false, items: [item] }
      : { ...kind, price: typedFen(kind.price), items: kind.items.map((one) => ({ ...one, from: clock(one.from_minute), until: clock(one.until_minute) })) };
  const needed = [{ required: true, message: t("needed") }];
  return (
    <Modal open title={t(kind === null ? "package.add" : "package.edit")} okText={t("save")} cancelText={t("cancel")} confirmLoading={write.busy} onCancel={onClose} onOk={() => form.submit()}>
      <Form form={form} layout="vertical" requiredMark={false} initialValues={first} onFinish={(typed) => void save(typed)}>
        <div className="side-by-side">
          <Form.Item name="code" label={t("package.code")} rules={needed}>
            <Input maxLength={16} />
          </Form.Item>
          <Form.Item name="name" label={t("field.name")} rules={needed}>
            <Input maxLength={40} />
          </Form.Item>
          <Form.Item name="name_en" label={t("field.name_en")}>
            <Input maxLength={60} />
          </Form.Item>
        </div>
        <div className="side-by-side">
          <Form.Item name="price" label={t("product.price")} rules={[{ validator: (_, said: string) => (readFen(said ?? "") !== null ? Promise.resolve() : Promise.reject(new Error(t("price.form")))) }]}>
            <Input prefix="¥" inputMode="decimal" maxLength={12} />
          </Form.Item>
          <Form.Item name="days" label={t("package.days")}>
            <InputNumber min={0} max={36500} />
          </Form.Item>
        </div>
        <Form.Item name="branches" label={t("package.branches")}>
          <Select mode="multiple" options={branches.map((branch) => ({ value: branch.id, label: speech.name(branch) }))} />
        </Form.Item>
        <Form.List name="items">
          {(fields, { add, remove }) => (
            <>
              {fields.map((field) => (
                <div key={field.key} className="panel">
                  <Form.Item name={[field.name, "services"]} label={t("package.services")} rules={needed}>
                    <Select mode="multiple" optionFilterProp="label" options={products.map((product) => ({ value: product.number, label: `${speech.name(product)} ${product.price === null ? "" : fen(product.price)}` }))} />
                  </Form.Item>
                  <div className="side-by-side">
                    <Form.Item name={[field.name, "uses"]} label={t("package.uses")}>
                      <InputNumber min={1} max={10000} />
                    </Form.Item>
                    <Form.Item name={[field.name, "gift"]} label={t("package.gift")}>
                      <InputNumber min={0} max={10000} />
                    </Form.Item>
                    <Form.Item name={[field.name, "from"]} label={t("package.from")}>
                      <Input maxLength={5} />
                    </Form.Item>
                    <Form.Item name={[field.name, "until"]} label={t("package.until")}>
                      <Input maxLength={5} />
                    </Form.Item>
                  </div>
                  <Form.Item name={[field.name, "daily"]} valuePropName="checked" className="check">
                    <Checkbox>{t("package.daily")}</Checkbox>
                  </Form.Item>
                  {fields.length > 1 ? <Button onClick={() => remove(field.name)}>{t("package.remove_item")}</Button> : null}
                </div>
              ))}
              <Button icon={<PlusOutlined />} onClick={() => add(item)}>
                {t("package.add_item")}
              </Button>
            </>
          )}
        </Form.List>
        <Form.Item name="retired" valuePropName="checked" className="check">
          <Checkbox>{t("product.retired")}</Checkbox>
        </Form.Item>
      </Form>
    </Modal>
  );
}

/** Minutes of the day of `17:00`. */
export function minutes(said: string): number {
  const [hour = "0", minute = "0"] = said.split(":");
  return Math.min(1440, Number(hour) * 60 + Number(minute) || 0);
}

/** `17:00` of minutes of the day. */
export function clock(minute: number): string {
  return `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, "0")}`;
}
