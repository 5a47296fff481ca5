import { yuan } from "@catena/web/money.ts";
import { day as dayText } from "@catena/web/when.ts";
import { Alert, Button, Descriptions, Drawer, Space, Spin } from "antd";
import { useState } from "react";
import { useRead, type Schemas } from "../../api";
import { money, number, pieces, text } from "../../kit/columns";
import { Failure } from "../../kit/Failure";
import { Part } from "../../kit/Listing";
import { useHub, useMay } from "../../session";
import { useWords } from "../../words";
import { categoryName } from "./categories";
import { ProductForm } from "./ProductForm";

type Price = Schemas["Product"]["prices"][number];
type Stock = Schemas["Product"]["stocks"][number];

/** One product: its prices by day, its stock by branch. */
export function ProductDrawer(props: { number: number | null; categories: Schemas["Category"][]; onClose: () => void; onPrice: (product: Schemas["ProductRow"]) => void }) {
  const speech = useWords();
  const { t } = speech;
  const may = useMay();
  const product = useRead("/api/products/{number}", { parts: { number: props.number ?? 0 }, when: props.number !== null });
  const [editing, setEditing] = useState(false);
  const shown = product.data;
  return (
    <Drawer
      open={props.number !== null}
      onClose={props.onClose}
      size={760}
      destroyOnHidden
      title={shown === undefined ? t("product.title") : speech.name(shown)}
      extra={
        shown === undefined ? null : (
          <Space>
            {may("catalogue") ? <Button onClick={() => setEditing(true)}>{t("edit")}</Button> : null}
            {may("prices") ? (
              <Button type="primary" onClick={() => props.onPrice(shown)}>
                {t("price.change")}
              </Button>
            ) : null}
          </Space>
        )
      }
    >
      <Failure of={product} />
      {shown === undefined ? product.error === null ? <Spin /> : null : <ProductView product={shown} categories={props.categories} />}
      {shown === undefined ? null : <ProductForm open={editing} product={shown} categories={props.categories} onClose={() => setEditing(false)} />}
    </Drawer>
  );
}

function ProductView({ product, categories }: { product: Schemas["Product"]; categories: Schemas["Category"][] }) {
  const speech = useWords();
  const { t } = speech;
  const today = useHub()?.day ?? 0;
  const yes = (value: boolean) => t(value ? "yes" : "no");
  const prices = [
    number<Price>(t("price.from"), (price) => price.from, (from) => <>{dayText(from)} {from > today ? <b className="warn-text">{t("price.coming")}</b> : null}</>, { align: "left", defaultSortOrder: "descend" }),
    text<Price>(t("field.price_list"), (price) => speech.say(`list.${price.list}`, "code", { what: price.list }), { filter: product.prices }),
    text<Price>(t("price.for"), (price) => t(price.for_members ? "price.members" : "price.all"), { filter: product.prices }),
    money<Price>(t("product.price"), (price) => price.price),
  ];
  const stocks = [text<Stock>(t("branch"), (stock) => speech.name(stock.branch)), pieces<Stock>(t("product.stock"), (stock) => stock.stock, { defaultSortOrder: "ascend" })];
  return (
    <>
      {product.conflicts > 0 ? <Alert type="warning" showIcon title={t("conflicts.here", { n: product.conflicts })} /> : null}
      <Descriptions
        size="small"
        column={2}
        items={[
          { key: "number", label: t("product.number"), children: product.number },
          { key: "barcodes", label: t("field.barcodes"), children: product.barcodes.join(" ") || "—" },
          { key: "category", label: t("field.category"), children: categoryName(speech, categories, product.category) || "—" },
          { key: "unit", label: t("field.unit"), children: product.unit },
          { key: "weighed", label: t("product.weighed"), children: yes(product.weighed) },
          { key: "plu", label: t("field.plu"), children: product.plu || "—" },
          { key: "discountable", label: t("product.discountable"), children: yes(product.discountable) },
          { key: "points", label: t("product.earns_points"), children: yes(product.earns_points) },
          { key: "cost", label: t("field.cost"), children: product.cost === null ? "—" : yuan(product.cost) },
          { key: "gift", label: t("product.gift"), children: product.gift_points === null ? "—" : `${product.gift_points}${product.gift_money ? ` + ${yuan(product.gift_money)}` : ""}` },
          { key: "retired", label: t("product.retired"), children: yes(product.retired) },
        ]}
      />
      <Part title={t("product.stocks")} columns={stocks} rows={product.stocks} rowKey={(row) => row.branch.id} empty={t("product.no_stock")} />
      <Part title={t("product.prices")} columns={prices} rows={product.prices} rowKey={(row) => `${row.list}/${row.from}/${row.for_members}`} empty={t("product.no_price")} />
    </>
  );
}
