import { readFen, typed } from "@catena/web/money.ts";
import { App, Button, Form, Input, InputNumber, Popconfirm, Select, Space } from "antd";
import { useState } from "react";
import { useRead } from "../../api";
import { useCommand } from "../../kit/useCommand";
import { useMay } from "../../session";
import { useWords } from "../../words";

/** What is asked of members, as the hub takes it. */
export interface Asked {
  level?: string;
  home?: string;
  gender?: "f" | "m" | "other";
  value_from?: number;
  value_until?: number;
  points_from?: number;
  spent_from?: number;
  seen_within?: number;
  unseen_for?: number;
  birthday_within?: number;
}

const WORDS = ["level", "home", "gender"] as const;
const MONEY = ["value_from", "value_until", "spent_from"] as const;
const NUMBERS = ["points_from", "seen_within", "unseen_for", "birthday_within"] as const;
/** Days and points that a field takes. */
const MOST = { points_from: 9_999_999, seen_within: 3_650, unseen_for: 3_650, birthday_within: 364 } as const;

/** A filter as it stands in an address and is kept under a name. */
export function written(asked: Asked): string {
  return new URLSearchParams(Object.entries(asked).map(([name, value]) => [name, String(value)])).toString();
}

/** What stands in an address; what is no part of a filter is left out. */
export function read(text: string): Asked {
  const parts = new URLSearchParams(text);
  const numbers = [...MONEY, ...NUMBERS].flatMap((name) => (/^\d{1,12}$/.test(parts.get(name) ?? "") ? [[name, Number(parts.get(name))]] : []));
  const texts = WORDS.flatMap((name) => (parts.get(name) ? [[name, parts.get(name)]] : []));
  return Object.fromEntries([...texts, ...numbers]) as Asked;
}

type Typed = { [K in keyof Asked]?: Asked[K] | string | null };

/** Asks for members by what they are, have and do; a filter is kept under a name and found again in the list of segments. */
export function Filter({ asked, onAsk }: { asked: Asked; onAsk: (asked: Asked) => void }) {
  const speech = useWords();
  const { t } = speech;
  const may = useMay();
  const branches = useRead("/api/branches", { when: may("branches") || may("see_takings") || may("devices") }).data?.rows ?? [];
  const levels = useRead("/api/levels").data?.rows ?? [];
  const [form] = Form.useForm<Typed>();
  const money = (name: (typeof MONEY)[number]) => (asked[name] === undefined ? {} : { [name]: typed(asked[name]) });
  const isMoney = { validator: (_: unknown, text: string | undefined) => (!text || readFen(text) !== null ? Promise.resolve() : Promise.reject(new Error(t("price.form")))) };
  const ask = (of: Typed) => {
    const parts = [...WORDS, ...NUMBERS].flatMap((name) => (of[name] === undefined || of[name] === null || of[name] === "" ? [] : [[name, of[name]]]));
    const amounts = MONEY.flatMap((name) => (of[name] ? [[name, readFen(String(of[name]))]] : []));
    onAsk(Object.fromEntries([...parts, ...amounts]) as Asked);
  };
  const amount = (name: (typeof MONEY)[number]) => (
    <Form.Item name={name} label={t(`filter.${name}`)} rules={[isMoney]}>
      <Input prefix="¥" inputMode="decimal" maxLength={12} />
    </Form.Item>
  );
  const number = (name: (typeof NUMBERS)[number]) => (
    <Form.Item name={name} label={t(`filter.${name}`)}>
      <InputNumber min={name === "unseen_for" ? 1 : 0} max={MOST[name]} precision={0} controls={false} />
    </Form.Item>
  );
  return (
    <Form key={written(asked)} form={form} className="panel filter" layout="vertical" aria-label={t("filter")} initialValues={{ ...asked, ...money("value_from"), ...money("value_until"), ...money("spent_from") }} onFinish={ask}>
      <Form.Item name="level" label={t("member.level")}>
        <Select allowClear options={levels.map((level) => ({ value: level.code, label: speech.name(level) }))} />
      </Form.Item>
      <Form.Item name="home" label={t("member.home")}>
        <Select allowClear options={branches.map((branch) => ({ value: branch.id, label: speech.name(branch) }))} />
      </Form.Item>
      <Form.Item name="gender" label={t("member.gender")}>
        <Select allowClear options={(["f", "m", "other"] as const).map((value) => ({ value, label: t(`gender.${value}`) }))} />
      </Form.Item>
      {amount("value_from")}
      {amount("value_until")}
      {number("points_from")}
      {amount("spent_from")}
      {number("seen_within")}
      {number("unseen_for")}
      {number("birthday_within")}
      <Space className="filter-acts">
        <Button type="primary" htmlType="submit">
          {t("filter.do")}
        </Button>
        <Button onClick={() => onAsk({})}>{t("filter.clear")}</Button>
        <Keep asked={asked} />
      </Space>
    </Form>
  );
}

/** Keeps what is asked now under a name. */
function Keep({ asked }: { asked: Asked }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const [name, setName] = useState("");
  const keep = useCommand("segment_write", ["/api/segments"]);
  const save = async () => {
    if ((await keep.say({ name: name.trim(), asked: written(asked) })) === null) return;
    void message.success(t("segment.kept", { name: name.trim() }));
    setName("");
  };
  return (
    <Popconfirm
      icon={null}
      title={t("segment.keep")}
      description={<Input aria-label={t("segment.name")} placeholder={t("segment.name")} maxLength={40} value={name} onChange={(event) => setName(event.target.value)} />}
      okText={t("save")}
      cancelText={t("cancel")}
      okButtonProps={{ disabled: name.trim() === "" }}
      onConfirm={save}
    >
      <Button disabled={written(asked) === ""}>{t("segment.keep")}</Button>
    </Popconfirm>
  );
}

/** The filters that were kept; one is chosen, or forgotten. */
export function Segments({ asked, onAsk }: { asked: Asked; onAsk: (asked: Asked) => void }) {
  const { t } = useWords();
  const segments = useRead("/api/segments").data?.rows ?? [];
  const forget = useCommand("segment_write", ["/api/segments"]);
  const chosen = segments.find((segment) => segment.asked === written(asked))?.name;
  if (segments.length === 0) return null;
  return (
    <Space.Compact>
      <Select
        aria-label={t("segments")}
        placeholder={t("segments")}
        className="segments"
        value={chosen ?? null}
        showSearch
        options={segments.map((segment) => ({ value: segment.name, label: segment.name }))}
        onChange={(name) => onAsk(read(segments.find((segment) => segment.name === name)?.asked ?? ""))}
      />
      {chosen === undefined ? null : (
        <Popconfirm title={t("segment.forget_ask", { name: chosen })} okText={t("segment.forget")} cancelText={t("cancel")} onConfirm={() => void forget.say({ name: chosen, asked: null })}>
          <Button>{t("segment.forget")}</Button>
        </Popconfirm>
      )}
    </Space.Compact>
  );
}
