import { PlusOutlined } from "@ant-design/icons";
import { fen, quantity } from "@catena/web/money.ts";
import { day as dayText } from "@catena/web/when.ts";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Input, Tag, TreeSelect } from "antd";
import { useState } from "react";
import { exportAddress, useList, useRead, type Schemas } from "../../api";
import { money, number, opening, pieces, text } from "../../kit/columns";
import { Export } from "../../kit/Export";
import { Listing } from "../../kit/Listing";
import { PageHead } from "../../kit/Panel";
import { useHub, useMay } from "../../session";
import { useWords } from "../../words";
import { Behind } from "../branches/Branches";
import { categoryName, categoryTree } from "./categories";
import { Coupons } from "./Coupons";
import { Packages } from "./Packages";
import { Tariffs } from "./Tariffs";
import { PriceForm } from "./PriceForm";
import { ProductDrawer } from "./ProductDrawer";
import { ProductForm } from "./ProductForm";

type Row = Schemas["ProductRow"];

/** Goods with price, what comes next, and stock; a price change with its effective day. */
export default function Products() {
  const speech = useWords();
  const { t } = speech;
  const may = useMay();
  const release = useHub()?.price_release ?? 0;
  const navigate = useNavigate();
  const search = useSearch({ strict: false });
  const at = { ...(search.text === undefined ? {} : { text: search.text }), ...(search.category === undefined ? {} : { category: search.category }) };
  const products = useList("/api/products", { query: at });
  const categories = useRead("/api/categories").data?.rows ?? [];
  const branches = useRead("/api/branches", { when: may("branches") || may("see_takings") || may("devices") });
  const [pricing, setPricing] = useState<Row | null>(null);
  const [adding, setAdding] = useState(false);
  const show = (change: { text?: string; category?: string; id?: string }) => void navigate({ to: "/products", search: change });
  const rows = products.data?.rows ?? [];
  const columns = [
    text<Row>(t("product.code"), (row) => row.code, { className: "figure" }),
    opening<Row>(t("product.name"), (row) => speech.name(row), (row) => show({ ...at, id: row.number.toString() }), {
      show: (row) => (
        <>
          {speech.name(row)} {row.retired ? <Tag>{t("product.retired")}</Tag> : null}
        </>
      ),
    }),
    text<Row>(t("field.category"), (row) => categoryName(speech, categories, row.category), { filter: rows }),
    text<Row>(t("field.unit"), (row) => row.unit, { filter: rows }),
    money<Row>(t("product.price"), (row) => row.price),
    money<Row>(t("product.member_price"), (row) => row.member_price),
    number<Row>(t("product.next"), (row) => row.next?.from ?? null, (from, row) => (
      <span className="next-price">
        {row.next?.price == null ? "" : fen(row.next.price)} <span className="soft">{t("product.from", { day: dayText(from).slice(5) })}</span>
      </span>
    )),
    pieces<Row>(t("product.stock"), (row) => row.stock, { render: (_, row) => <span className={row.stock < 0 ? "below" : ""}>{quantity(row.stock)}</span> }),
    ...(may("prices")
      ? [
          {
            title: t("product.acts"),
            key: "acts",
            render: (_: unknown, row: Row) => (
              <Button onClick={() => setPricing(row)} aria-label={t("price.change_of", { name: speech.name(row) })}>
                {t("price.change")}
              </Button>
            ),
          },
        ]
      : []),
  ];
  return (
    <>
      <PageHead title={t("page.products")}>
        <TreeSelect
          aria-label={t("field.category")}
          className="category"
          allowClear
          placeholder={t("product.all_categories")}
          value={search.category ?? null}
          treeData={categoryTree(speech, categories)}
          onChange={(category: string | undefined | null) => show({ ...(search.text === undefined ? {} : { text: search.text }), ...(category ? { category } : {}) })}
          showSearch={{ treeNodeFilterProp: "title" }}
          popupMatchSelectWidth={280}
        />
        <Input.Search
          key={search.text ?? ""}
          aria-label={t("search.products")}
          defaultValue={search.text ?? ""}
          allowClear
          className="find"
          placeholder={t("products.hint")}
          onSearch={(typed) => show({ ...(search.category === undefined ? {} : { category: search.category }), ...(typed.trim() === "" ? {} : { text: typed.trim() }) })}
        />
        {may("catalogue") ? (
          <Button icon={<PlusOutlined />} onClick={() => setAdding(true)}>
            {t("product.add")}
          </Button>
        ) : null}
        <Export href={exportAddress("products", at)} />
      </PageHead>
      <Behind rows={branches.data?.rows ?? []} release={release} />
      <section className="panel">
        <Listing label={t("page.products")} columns={columns} of={products} rowKey={(row) => row.number.toString()} empty={t("products.none")} rowClass={(row) => (row.retired ? "retired" : "")} />
      </section>
      {may("catalogue") ? <Packages /> : null}
      {may("catalogue") ? <Coupons /> : null}
      {may("catalogue") ? <Tariffs /> : null}
      <ProductDrawer number={search.id === undefined ? null : Number(search.id)} categories={categories} onClose={() => show(at)} onPrice={setPricing} />
      <PriceForm product={pricing} onClose={() => setPricing(null)} />
      <ProductForm open={adding} product={null} categories={categories} onClose={() => setAdding(false)} />
    </>
  );
}
