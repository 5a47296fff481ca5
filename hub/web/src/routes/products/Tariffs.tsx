import { PlusOutlined } from "@ant-design/icons";
import { readFen, typed as typedFen } from "@catena/web/money.ts";
import { Button, Checkbox, Form, Input, InputNumber, Modal, Select, Tag } from "antd";
import { useState } from "react";
import { useList, useRead, type Schemas } from "../../api";
import { money, number, opening, text } from "../../kit/columns";
import { Listing } from "../../kit/Listing";
import { Panel } from "../../kit/Panel";
import { useCommand } from "../../kit/useCommand";
import { useMay } from "../../session";
import { useWords } from "../../words";
import { clock, minutes } from "./Packages";

type Tariff = Schemas["Tariff"];

interface Typed {
  code: string;
  name: string;
  name_en?: string;
  product: number;
  first_minutes: number;
  first: string;
  step_minutes: number;
  step: string;
  grace_minutes: number;
  night_step: string;
  night_from: string;
  night_until: string;
  cap?: string;
  free: { level: string; minutes: number }[];
  rooms: { branch: string; code: string; name: string }[];
  retired: boolean;
}

/** What time in a room or at a seat costs, and which rooms the branches have. */
export function Tariffs() {
  const speech = useWords();
  const { t } = speech;
  const tariffs = useRead("/api/tariffs");
  const [editing, setEditing] = useState<Tariff | "new" | null>(null);
  const columns = [
    text<Tariff>(t("package.code"), (row) => row.code, { className: "figure" }),
    opening<Tariff>(t("field.name"), (row) => speech.name(row), setEditing, {
      show: (row) => (
        <>
          {speech.name(row)} {row.retired ? <Tag>{t("product.retired")}</Tag> : null}
        </>
      ),
    }),
    number<Tariff>(t("tariff.first_minutes"), (row) => row.prices.first_minutes, (n) => String(n)),
    money<Tariff>(t("tariff.first"), (row) => row.prices.first),
    number<Tariff>(t("tariff.step_minutes"), (row) => row.prices.step_minutes, (n) => String(n)),
    money<Tariff>(t("tariff.step"), (row) => row.prices.step),
    number<Tariff>(t("tariff.rooms"), (row) => row.rooms.length, (n) => String(n)),
  ];
  return (
    <Panel
      title={t("tariff.title")}
      extra={
        <Button icon={<PlusOutlined />} onClick={() => setEditing("new")}>
          {t("tariff.add")}
        </Button>
      }
    >
      <Listing label={t("tariff.title")} columns={columns} of={tariffs} rowKey={(row) => row.id} pageRows={20} />
      {editing === null ? null : <TariffForm tariff={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </Panel>
  );
}

/** The house's usual tariff (R17), and what a saved one says. */
function first(tariff: Tariff | null): Typed {
  if (tariff === null) {
    const prices = { first_minutes: 60, first: "30", step_minutes: 30, step: "12", grace_minutes: 5, night_step: "8", night_from: "22:00", night_until: "6:00", cap: "128" };
    return { code: "", name: "", product: 0, ...prices, free: [], rooms: [], retired: false };
  }
  const { prices } = tariff;
  const amounts = { first: typedFen(prices.first), step: typedFen(prices.step), night_step: typedFen(prices.night_step), cap: prices.cap === null ? "" : typedFen(prices.cap) };
  return { ...tariff, ...prices, ...amounts, night_from: clock(prices.night_from), night_until: clock(prices.night_until) };
}

function TariffForm({ tariff, onClose }: { tariff: Tariff | null; onClose: () => void }) {
  const speech = useWords();
  const { t } = speech;
  const write = useCommand("tariff_write", ["/api/tariffs"]);
  const products = useList("/api/products", { query: {} }).data?.rows ?? [];
  const [form] = Form.useForm<Typed>();
  const save = async (typed: Typed) => {
    const cap = (typed.cap ?? "").trim();
    const answer = await write.say({
      tariff: tariff?.id ?? null,
      code: typed.code,
      name: typed.name,
      name_en: typed.name_en?.trim() || null,
      product: typed.product,
      prices: {
        first_minutes: typed.first_minutes,
        first: readFen(typed.first) ?? 0,
        step_minutes: typed.step_minutes,
        step: readFen(typed.step) ?? 0,
        grace_minutes: typed.grace_minutes,
        night_step: readFen(typed.night_step) ?? 0,
        night_from: minutes(typed.night_from),
        night_until: minutes(typed.night_until),
        cap: cap === "" ? null : readFen(cap),
      },
      free: typed.free,
      rooms: typed.rooms,
      retired: typed.retired,
    });
    if (answer !== null) onClose();
  };
  const needed = [{ required: true, message: t("needed") }];
  return (
    <Modal open title={t(tariff === null ? "tariff.add" : "tariff.edit")} okText={t("save")} cancelText={t("cancel")} confirmLoading={write.busy} onCancel={onClose} onOk={() => form.submit()}>
      <Form form={form} layout="vertical" requiredMark={false} initialValues={first(tariff)} onFinish={(typed) => void save(typed)}>
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
        <Form.Item name="product" label={t("tariff.product")} rules={[{ type: "number", min: 1, message: t("needed") }]}>
          <Select showSearch optionFilterProp="label" options={products.map((product) => ({ value: product.number, label: speech.name(product) }))} />
        </Form.Item>
        <Prices />
        <Rooms />
        <Free />
        <Form.Item name="retired" valuePropName="checked" className="check">
          <Checkbox>{t("product.retired")}</Checkbox>
        </Form.Item>
      </Form>
    </Modal>
  );
}

/** First stretch, steps, night and cap. */
function Prices() {
  const { t } = useWords();
  const sound = (empty: boolean) => [{ validator: (_: unknown, said?: string) => ((empty && (said ?? "").trim() === "") || readFen(said ?? "") !== null ? Promise.resolve() : Promise.reject(new Error(t("price.form")))) }];
  const amount = (name: string, label: string, empty = false) => (
    <Form.Item name={name} label={label} rules={sound(empty)}>
      <Input prefix="¥" inputMode="decimal" maxLength={10} />
    </Form.Item>
  );
  const whole = (name: string, label: string, min: number) => (
    <Form.Item name={name} label={label}>
      <InputNumber min={min} max={1440} />
    </Form.Item>
  );
  const time = (name: string, label: string) => (
    <Form.Item name={name} label={label}>
      <Input maxLength={5} />
    </Form.Item>
  );
  return (
    <>
      <div className="side-by-side">
        {whole("first_minutes", t("tariff.first_minutes"), 1)}
        {amount("first", t("tariff.first"))}
        {amount("cap", t("tariff.cap"), true)}
      </div>
      <div className="side-by-side">
        {whole("step_minutes", t("tariff.step_minutes"), 0)}
        {amount("step", t("tariff.step"))}
        {whole("grace_minutes", t("tariff.grace"), 0)}
      </div>
      <div className="side-by-side">
        {amount("night_step", t("tariff.night"))}
        {time("night_from", t("tariff.night_from"))}
        {time("night_until", t("tariff.night_until"))}
      </div>
    </>
  );
}

/** Rooms and seats of the branches. */
function Rooms() {
  const speech = useWords();
  const { t } = speech;
  const branches = useRead("/api/branches").data?.rows ?? [];
  const needed = [{ required: true, message: t("needed") }];
  return (
    <Form.List name="rooms">
      {(fields, { add, remove }) => (
        <>
          {fields.map((field) => (
            <div key={field.key} className="side-by-side">
              <Form.Item name={[field.name, "branch"]} label={t("tariff.branch")} rules={needed}>
                <Select options={branches.map((branch) => ({ value: branch.id, label: speech.name(branch) }))} />
              </Form.Item>
              <Form.Item name={[field.name, "code"]} label={t("tariff.room_code")} rules={needed}>
                <Input maxLength={8} />
              </Form.Item>
              <Form.Item name={[field.name, "name"]} label={t("tariff.room")} rules={needed}>
                <Input maxLength={20} />
              </Form.Item>
              <Button onClick={() => remove(field.name)}>{t("tariff.remove_room")}</Button>
            </div>
          ))}
          <Button icon={<PlusOutlined />} onClick={() => add({ branch: branches[0]?.id, code: "", name: "" })}>
            {t("tariff.add_room")}
          </Button>
        </>
      )}
    </Form.List>
  );
}

/** Minutes that are free for a level. */
function Free() {
  const speech = useWords();
  const { t } = speech;
  const may = useMay();
  const levels = useRead("/api/levels", { when: may("settings") || may("members") }).data?.rows ?? [];
  return (
    <Form.List name="free">
      {(fields, { add, remove }) => (
        <>
          {fields.map((field) => (
            <div key={field.key} className="side-by-side">
              <Form.Item name={[field.name, "level"]} label={t("tariff.level")} rules={[{ required: true, message: t("needed") }]}>
                <Select options={levels.map((level) => ({ value: level.id, label: speech.name(level) }))} />
              </Form.Item>
              <Form.Item name={[field.name, "minutes"]} label={t("tariff.free")}>
                <InputNumber min={1} max={1440} />
              </Form.Item>
              <Button onClick={() => remove(field.name)}>{t("tariff.remove_free")}</Button>
            </div>
          ))}
          <Button icon={<PlusOutlined />} onClick={() => add({ level: levels.at(-1)?.id, minutes: 15 })}>
            {t("tariff.add_free")}
          </Button>
        </>
      )}
    </Form.List>
  );
}
