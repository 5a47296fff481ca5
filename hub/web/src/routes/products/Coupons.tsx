import { PlusOutlined } from "@ant-design/icons";
import { fen, readFen, typed as typedFen } from "@catena/web/money.ts";
import { day as dayText } from "@catena/web/when.ts";
import { Button, DatePicker, Form, Input, InputNumber, Modal, Radio, Select, Typography } from "antd";
import type { Dayjs } from "dayjs";
import { useState } from "react";
import { useList, useRead, type Schemas } from "../../api";
import { money, number, opening, text, time } from "../../kit/columns";
import { Save } from "../../kit/Export";
import { Listing } from "../../kit/Listing";
import { Panel } from "../../kit/Panel";
import { useCommand } from "../../kit/useCommand";
import { useWords } from "../../words";

type Issue = Schemas["CouponIssue"];

interface Typed {
  name: string;
  name_en?: string;
  off: string;
  least?: string;
  days: [Dayjs, Dayjs];
  to: "members" | "codes";
  members?: string[];
  codes?: number;
  branch?: string;
}

/** Coupons that were given out, what of them was used, and giving out more: anew, or as one before. */
export function Coupons() {
  const speech = useWords();
  const { t } = speech;
  const issues = useRead("/api/coupons");
  const branches = useRead("/api/branches").data?.rows ?? [];
  const [giving, setGiving] = useState<Issue | "new" | null>(null);
  const [codes, setCodes] = useState<Issue | null>(null);
  const where = (row: Issue) => {
    const branch = branches.find((branch) => branch.id === row.branch);
    return branch === undefined ? t("coupon.head_office") : speech.name(branch);
  };
  const columns = [
    opening<Issue>(t("field.name"), (row) => speech.name(row), setGiving),
    money<Issue>(t("coupon.off"), (row) => row.off),
    money<Issue>(t("coupon.least"), (row) => row.least),
    text<Issue>(t("coupon.days"), (row) => `${dayText(row.from)} – ${dayText(row.until)}`),
    text<Issue>(t("coupon.where"), where),
    number<Issue>(t("coupon.given"), (row) => row.coupons, (n) => String(n)),
    number<Issue>(t("coupon.used"), (row) => row.used, (n) => String(n)),
    money<Issue>(t("coupon.taken_off"), (row) => row.taken_off),
    text<Issue>(t("coupon.codes"), (row) => row.codes.join(" "), {
      show: (row) => (row.codes.length === 0 ? null : <Button onClick={() => setCodes(row)}>{t("coupon.show_codes", { n: row.codes.length })}</Button>),
    }),
    time<Issue>(t("coupon.at"), (row) => row.at_ms),
  ];
  return (
    <Panel
      title={t("coupon.title")}
      extra={
        <>
          <Save title={t("coupon.title")} columns={columns} rows={issues.data?.rows ?? []} />
          <Button icon={<PlusOutlined />} onClick={() => setGiving("new")}>
            {t("coupon.give")}
          </Button>
        </>
      }
    >
      <Listing label={t("coupon.title")} columns={columns} of={issues} rowKey={(row) => row.id} pageRows={20} />
      {giving === null ? null : <CouponForm like={giving === "new" ? null : giving} onClose={() => setGiving(null)} />}
      <Modal open={codes !== null} title={codes === null ? "" : speech.name(codes)} footer={null} onCancel={() => setCodes(null)}>
        <Typography.Paragraph copyable className="figure">
          {codes?.codes.join("\n") ?? ""}
        </Typography.Paragraph>
      </Modal>
    </Panel>
  );
}

function CouponForm({ like, onClose }: { like: Issue | null; onClose: () => void }) {
  const speech = useWords();
  const { t } = speech;
  const issue = useCommand("coupons_issue", ["/api/coupons"]);
  const branches = useRead("/api/branches").data?.rows ?? [];
  const [asked, setAsked] = useState("");
  const members = useList("/api/members", { query: asked === "" ? {} : { text: asked } }).data?.rows ?? [];
  const [form] = Form.useForm<Typed>();
  const to = Form.useWatch("to", form) ?? "members";
  const save = async (typed: Typed) => {
    const answer = await issue.say({
      name: typed.name,
      name_en: typed.name_en?.trim() || null,
      off: readFen(typed.off) ?? 0,
      least: readFen(typed.least ?? "") ?? 0,
      from: Number(typed.days[0].format("YYYYMMDD")),
      until: Number(typed.days[1].format("YYYYMMDD")),
      members: typed.to === "members" ? (typed.members ?? []) : [],
      codes: typed.to === "codes" ? (typed.codes ?? 0) : 0,
      branch: typed.branch ?? null,
    });
    if (answer !== null) onClose();
  };
  const needed = [{ required: true, message: t("needed") }];
  const isMoney = { validator: (_: unknown, said: string | undefined) => (!said || readFen(said) !== null ? Promise.resolve() : Promise.reject(new Error(t("price.form")))) };
  const first = like === null ? { to: "members" as const } : { to: "members" as const, name: like.name, name_en: like.name_en, off: typedFen(like.off), least: like.least === 0 ? "" : typedFen(like.least) };
  return (
    <Modal open title={t("coupon.give")} okText={t("coupon.do")} cancelText={t("cancel")} confirmLoading={issue.busy} onCancel={onClose} onOk={() => form.submit()}>
      <p className="soft">{t("coupon.means")}</p>
      <Form form={form} layout="vertical" requiredMark={false} initialValues={first} onFinish={(typed) => void save(typed)}>
        <div className="side-by-side">
          <Form.Item name="name" label={t("field.name")} rules={needed}>
            <Input maxLength={40} />
          </Form.Item>
          <Form.Item name="name_en" label={t("field.name_en")}>
            <Input maxLength={60} />
          </Form.Item>
        </div>
        <div className="side-by-side">
          <Form.Item name="off" label={t("coupon.off")} rules={[...needed, isMoney]}>
            <Input prefix="¥" inputMode="decimal" maxLength={12} />
          </Form.Item>
          <Form.Item name="least" label={t("coupon.least")} rules={[isMoney]}>
            <Input prefix="¥" inputMode="decimal" maxLength={12} placeholder={fen(0)} />
          </Form.Item>
        </div>
        <Form.Item name="days" label={t("coupon.days")} rules={needed}>
          <DatePicker.RangePicker />
        </Form.Item>
        <Form.Item name="to" label={t("coupon.to")}>
          <Radio.Group
            options={[
              { value: "members", label: t("coupon.to_members") },
              { value: "codes", label: t("coupon.to_codes") },
            ]}
          />
        </Form.Item>
        {to === "members" ? (
          <Form.Item name="members" label={t("coupon.members")} rules={needed}>
            <Select mode="multiple" showSearch={{ filterOption: false, onSearch: setAsked }} options={members.map((member) => ({ value: member.id, label: `${member.name} ${member.phone}` }))} />
          </Form.Item>
        ) : (
          <Form.Item name="codes" label={t("coupon.count")} rules={needed}>
            <InputNumber min={1} max={500} />
          </Form.Item>
        )}
        <Form.Item name="branch" label={t("coupon.where")}>
          <Select allowClear placeholder={t("coupon.head_office")} options={branches.map((branch) => ({ value: branch.id, label: speech.name(branch) }))} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
