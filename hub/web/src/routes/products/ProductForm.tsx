import { readFen, typed as typedFen } from "@catena/web/money.ts";
import { Checkbox, Form, Input, Modal, Select, TreeSelect } from "antd";
import type { Schemas } from "../../api";
import { useCommand } from "../../kit/useCommand";
import { useWords } from "../../words";
import { categoryTree } from "./categories";

interface Typed {
  name: string;
  name_en?: string;
  category?: string | null;
  unit: string;
  weighed: boolean;
  plu?: string;
  barcodes: string[];
  discountable: boolean;
  earns_points: boolean;
  cost?: string;
  gift_points?: string;
  gift_money?: string;
  retired: boolean;
}

/** A product's own data, without prices; `product` null = a new one. */
export function ProductForm({ open, product, categories, onClose }: { open: boolean; product: Schemas["Product"] | null; categories: Schemas["Category"][]; onClose: () => void }) {
  const speech = useWords();
  const { t } = speech;
  const write = useCommand("product_write", ["/api/products", "/api/products/{number}"]);
  const [form] = Form.useForm<Typed>();
  const save = async (typed: Typed) => {
    const answer = await write.say({
      number: product?.number ?? null,
      name: typed.name.trim(),
      name_en: typed.name_en?.trim() || null,
      category: typed.category ?? null,
      unit: typed.unit.trim(),
      weighed: typed.weighed,
      plu: typed.plu?.trim() || null,
      barcodes: typed.barcodes,
      discountable: typed.discountable,
      earns_points: typed.earns_points,
      cost: typed.cost ? readFen(typed.cost) : null,
      gift_points: typed.gift_points ? Number(typed.gift_points) : null,
      gift_money: typed.gift_money ? readFen(typed.gift_money) : null,
      retired: typed.retired,
    });
    if (answer !== null) onClose();
  };
  const first: Partial<Typed> =
    product === null
      ? { weighed: false, barcodes: [], discountable: true, earns_points: true, retired: false }
      : { ...product, name_en: product.name_en ?? "", plu: product.plu ?? "", cost: product.cost === null ? "" : typedFen(product.cost), gift_points: product.gift_points === null ? "" : String(product.gift_points), gift_money: product.gift_money === null ? "" : typedFen(product.gift_money) };
  return (
    <Modal open={open} title={t(product === null ? "product.add" : "product.edit")} okText={t("save")} cancelText={t("cancel")} confirmLoading={write.busy} destroyOnHidden onCancel={onClose} onOk={() => form.submit()}>
      <Form form={form} layout="vertical" requiredMark={false} initialValues={first} onFinish={(typed) => void save(typed)}>
        <Form.Item name="name" label={t("field.name")} rules={[{ required: true, message: t("needed") }]}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="name_en" label={t("field.name_en")}>
          <Input maxLength={80} />
        </Form.Item>
        <Form.Item name="category" label={t("field.category")}>
          <TreeSelect allowClear treeData={categoryTree(speech, categories)} showSearch={{ treeNodeFilterProp: "title" }} />
        </Form.Item>
        <Form.Item name="barcodes" label={t("field.barcodes")}>
          <Select mode="tags" tokenSeparators={[" ", ","]} open={false} suffixIcon={null} />
        </Form.Item>
        <div className="side-by-side">
          <Form.Item name="unit" label={t("field.unit")} rules={[{ required: true, message: t("needed") }]}>
            <Input maxLength={8} />
          </Form.Item>
          <Form.Item name="plu" label={t("field.plu")}>
            <Input maxLength={6} inputMode="numeric" />
          </Form.Item>
          <Form.Item name="cost" label={t("field.cost")} rules={[{ validator: (_, text: string | undefined) => (!text || readFen(text) !== null ? Promise.resolve() : Promise.reject(new Error(t("price.form")))) }]}>
            <Input prefix="¥" inputMode="decimal" maxLength={12} />
          </Form.Item>
        </div>
        <div className="side-by-side">
          <Form.Item name="gift_points" label={t("product.gift_points")} rules={[{ pattern: /^[1-9]\d{0,7}$/, message: t("price.form") }]}>
            <Input inputMode="numeric" maxLength={8} />
          </Form.Item>
          <Form.Item name="gift_money" label={t("product.gift_money")} rules={[{ validator: (_, text: string | undefined) => (!text || readFen(text) !== null ? Promise.resolve() : Promise.reject(new Error(t("price.form")))) }]}>
            <Input prefix="¥" inputMode="decimal" maxLength={12} />
          </Form.Item>
        </div>
        {(["weighed", "discountable", "earns_points", "retired"] as const).map((name) => (
          <Form.Item key={name} name={name} valuePropName="checked" className="check">
            <Checkbox>{t(`product.${name}`)}</Checkbox>
          </Form.Item>
        ))}
      </Form>
    </Modal>
  );
}
