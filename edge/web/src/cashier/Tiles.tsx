import { memo, useEffect, useState } from "react";
import { Key } from "@catena/web/kit/Key.tsx";
import { quantity, yuan } from "@catena/web/money.ts";
import { edge, type Schemas } from "../api";
import { useWords } from "../words";
import { add, failed } from "./actions";
import { useTill } from "./state";

/** More tiles than these are found faster by name. */
const TILES = 60;

/** Goods by category, for shops that sell by tapping. */
export const Tiles = memo(function Tiles() {
  const { t, name } = useWords();
  const catalog = useTill((now) => now.catalog);
  const [categories, setCategories] = useState<Schemas["Category"][]>([]);
  const [path, setPath] = useState<string | null>(null);
  const [page, setPage] = useState<{ total: number; products: Schemas["Product"][] } | null>(null);
  useEffect(() => {
    edge.read("/api/categories").then((answer) => setCategories(answer.categories), failed);
  }, [catalog]);
  useEffect(() => {
    let stands = true;
    edge.read("/api/products", { query: { ...(path === null ? {} : { category: path }), limit: TILES } }).then((answer) => {
      if (stands) setPage(answer);
    }, failed);
    return () => {
      stands = false;
    };
  }, [path, catalog]);
  const chosen = categories.find((category) => category.code === path);
  const children = categories.filter((category) => category.parent === path);
  const shown = children.length > 0 ? children : categories.filter((category) => category.parent === (chosen?.parent ?? null));
  return (
    <section className="tiles" aria-label={t("tiles.label")}>
      <div className="categories" role="group" aria-label={t("tiles.categories")}>
        <Key className={path === null ? "main" : ""} onClick={() => setPath(null)}>
          {t("layout.all")}
        </Key>
        {chosen !== undefined && children.length > 0 ? (
          <Key className="main" onClick={() => setPath(chosen.parent)}>
            ‹ {name(chosen)}
          </Key>
        ) : null}
        {shown.map((category) => (
          <Key key={category.code} className={category.code === path ? "main" : ""} onClick={() => setPath(category.code)}>
            {name(category)}
          </Key>
        ))}
      </div>
      {page === null ? null : page.products.length === 0 ? (
        <p className="soft">{t("tiles.none")}</p>
      ) : (
        <ul className="grid">
          {page.products.map((product) => (
            <li key={product.number}>
              <button type="button" className="tile" onMouseDown={(event) => event.preventDefault()} onClick={() => void add(product)}>
                <span className="name">{name(product)}</span>
                <span className="foot">
                  <b className="figure">
                    {product.price === null ? "—" : yuan(product.price)}
                    {product.weighed ? <small>/{product.unit}</small> : null}
                  </b>
                  {product.stock === null ? null : (
                    <span className={`soft figure ${product.stock <= 0 ? "low" : ""}`}>{t("tiles.stock", { n: quantity(product.stock) })}</span>
                  )}
                </span>
              </button>
            </li>
          ))}
          {page.total > page.products.length ? <li className="soft rest">{t("tiles.more", { n: page.total - page.products.length })}</li> : null}
        </ul>
      )}
    </section>
  );
});
