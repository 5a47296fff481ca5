import { fen, readFen, typed as typedFen, yuan } from "@catena/web/money.ts";
import { day as dayText } from "@catena/web/when.ts";
import { Alert, App, Checkbox, DatePicker, Form, Input, Modal, Radio } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { type Schemas, useRead } from "../../api";
import { dayAfter } from "../../figures";
import { useCommand } from "../../kit/useCommand";
import { useHub, useMay } from "../../session";
import { useWords } from "../../words";

interface Typed {
  price: string;
  member_price?: string;
  when: "next" | "day" | "now";
  day?: Dayjs;
  sure?: boolean;
}

/** A price change: holds from the next opening unless a day is chosen; *now* is a choice of its own, to be confirmed. */
export function PriceForm({ product, onClose }: { product: Schemas["ProductRow"] | null; onClose: () => void }) {
  const speech = useWords();
  const { t } = speech;
  return (
    <Modal open={product !== null} title={product === null ? "" : t("price.change_of", { name: speech.name(product) })} footer={null} width={560} destroyOnHidden onCancel={onClose}>
      {product === null ? null : <Change product={product} onClose={onClose} />}
    </Modal>
  );
}

function Change({ product, onClose }: { product: Schemas["ProductRow"]; onClose: () => void }) {
  const speech = useWords();
  const { t } = speech;
  const { message, modal } = App.useApp();
  const may = useMay();
  const today = useHub()?.day ?? 0;
  const branches = useRead("/api/branches", { when: may("branches") || may("see_takings") || may("devices") }).data?.rows ?? [];
  const change = useCommand("change_price", ["/api/products", "/api/products/{number}", "/api/hub"], ["needs_confirmation"]);
  const [form] = Form.useForm<Typed>();
  const when = Form.useWatch("when", form) ?? "next";
  const off = branches.filter((branch) => branch.link === "down");
  const amount = (text: string | undefined) => (text === undefined || text.trim() === "" ? null : readFen(text));
  const isMoney = { validator: (_: unknown, text: string | undefined) => (!text || readFen(text) !== null ? Promise.resolve() : Promise.reject(new Error(t("price.form")))) };
  const save = async (typed: Typed) => {
    const price = amount(typed.price);
    if (price === null) return;
    const now = typed.when === "now";
    if (now) {
      const was = product.price === null ? "—" : yuan(product.price);
      const agreed = await modal.confirm({
        title: t("price.now_ask", { name: speech.name(product), was, will: yuan(price) }),
        content: t("price.now_means"),
        okText: t("price.now_do"),
        cancelText: t("cancel"),
        okButtonProps: { danger: true },
        focusable: { autoFocusButton: "cancel" },
      });
      if (!agreed) return;
    }
    const from = typed.when === "day" && typed.day !== undefined ? Number(typed.day.format("YYYYMMDD")) : null;
    const answer = await change.say({ product: product.number, list: "main", price, member_price: amount(typed.member_price), from, now, confirmed: now });
    if (answer === null) return;
    void message.success(t("price.saved", { n: answer.release }));
    onClose();
  };
  return (
    <Form
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={{ price: product.price === null ? "" : typedFen(product.price), member_price: product.member_price === null ? "" : typedFen(product.member_price), when: "next" }}
      onFinish={(typed) => void save(typed)}
    >
      <div className="side-by-side">
        <Form.Item name="price" label={t("product.price")} extra={product.price === null ? t("product.no_price") : t("price.was", { amount: fen(product.price) })} rules={[{ required: true, message: t("needed") }, isMoney]}>
          <Input autoFocus prefix="¥" inputMode="decimal" maxLength={12} />
        </Form.Item>
        <Form.Item name="member_price" label={t("product.member_price")} extra={t("price.member_none")} rules={[isMoney]}>
          <Input prefix="¥" inputMode="decimal" maxLength={12} />
        </Form.Item>
      </div>
      <Form.Item name="when" label={t("price.when")}>
        <Radio.Group className="upright">
          <Radio value="next">{t("price.next")}</Radio>
          <Radio value="day">{t("price.day")}</Radio>
          <Radio value="now">{t("price.now")}</Radio>
        </Radio.Group>
      </Form.Item>
      {when === "day" ? (
        <Form.Item name="day" label={t("price.from")} rules={[{ required: true, message: t("needed") }]}>
          <DatePicker minDate={dayjs(dayText(dayAfter(today, 1)), "YYYY-MM-DD")} />
        </Form.Item>
      ) : null}
      {when === "now" ? (
        <>
          <Alert type="warning" showIcon title={t("price.now_means")} description={off.length === 0 ? undefined : t("price.now_off", { names: off.map((branch) => speech.name(branch)).join(t("list.and")) })} />
          <Form.Item name="sure" valuePropName="checked" rules={[{ validator: (_, sure: boolean | undefined) => (sure === true ? Promise.resolve() : Promise.reject(new Error(t("price.sure_needed")))) }]}>
            <Checkbox>{t("price.sure")}</Checkbox>
          </Form.Item>
        </>
      ) : null}
      <button type="submit" className={`key main ${when === "now" ? "danger-main" : ""}`} disabled={change.busy}>
        {t(when === "now" ? "price.now_do" : "price.save")}
      </button>
    </Form>
  );
}
