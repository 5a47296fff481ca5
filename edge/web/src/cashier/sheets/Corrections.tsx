// What puts a running day right: the tender of a sale, a top-up; points by hand; goods that come without a receipt.
import { Field } from "@catena/web/kit/Field.tsx";
import { Key } from "@catena/web/kit/Key.tsx";
import { fen, readFen, yuan } from "@catena/web/money.ts";
import { type FormEvent, useEffect, useState } from "react";
import { edge, type Schemas } from "../../api";
import { useWords } from "../../words";
import { close, failed, open, run } from "../actions";
import { Notice } from "../Notice";
import { useSession } from "../state";
import { Reasons } from "./Reasons";
import { ClerkChoice, clerksOf, type Shares, sharesOf } from "./SalesClerks";

/** One piece, in thousandths. */
const PIECE = 1000;
/** Goods that a search shows. */
const FOUND = 6;

/** Tenders that are money: stored value and points are the member's. */
function useMoney(): Schemas["TenderKind"][] {
  const session = useSession();
  return session === null ? [] : session.settings.tenders.filter((kind) => kind.kind === "cash" || kind.kind === "other");
}

/** A tender of a sale had been keyed as another. */
export function TrueTender({ sale, onDone }: { sale: Schemas["Sale"]; onDone: () => void }) {
  const { t, name } = useWords();
  const kinds = useMoney();
  const [wanted, setWanted] = useState<{ no: number; to: string } | null>(null);
  const [reason, setReason] = useState<string | null>(null);
  const correct = async () => {
    if (wanted === null || reason === null) return;
    if ((await run("correct_tender", { receipt_no: sale.receipt_no, ...wanted, reason })) !== null) onDone();
  };
  return (
    <section className="ask correct">
      {sale.tenders.map((tender, at) =>
        kinds.some((kind) => kind.code === tender.code) ? (
          <div key={tender.id} className="reasons" role="group" aria-label={name(tender)}>
            <span>{t("correct.was", { name: name(tender), amount: fen(tender.amount) })}</span>
            {kinds
              .filter((kind) => kind.code !== tender.code)
              .map((kind) => {
                const on = wanted?.no === at + 1 && wanted.to === kind.code;
                return (
                  <Key key={kind.code} className={on ? "on" : ""} aria-pressed={on} onClick={() => setWanted({ no: at + 1, to: kind.code })}>
                    {name(kind)}
                  </Key>
                );
              })}
          </div>
        ) : null,
      )}
      <Reasons of={["mistake", "customer"]} chosen={reason} onChoose={setReason} />
      <Key className="main" disabled={wanted === null || reason === null} onClick={() => void correct()}>
        {t("correct.do")}
      </Key>
    </section>
  );
}

/** A member who had not been named: found as at the counter, and put on the sale for a reason. */
export function AttachAfter({ sale, onDone }: { sale: Schemas["Sale"]; onDone: () => void }) {
  const { t, name } = useWords();
  const [text, setText] = useState("");
  const [found, setFound] = useState<Schemas["MemberHit"][]>([]);
  const [member, setMember] = useState<Schemas["MemberHit"] | null>(null);
  const [reason, setReason] = useState<string | null>(null);
  const find = (event: FormEvent) => {
    event.preventDefault();
    setMember(null);
    if (text.trim() === "") return;
    edge.read("/api/members", { query: { text: text.trim() } }).then(({ members }) => {
      setFound(members.slice(0, FOUND));
      if (members.length === 1) setMember(members[0] ?? null);
    }, failed);
  };
  const attach = async () => {
    if (member === null || reason === null) return;
    if ((await run("attach_after", { receipt_no: sale.receipt_no, member: member.id, reason })) !== null) onDone();
  };
  return (
    <section className="ask attach-after">
      <p className="soft">{t("attach_after.text")}</p>
      <form className="pair" onSubmit={find}>
        <Field label={t("members.label")} first maxLength={60} value={text} onText={setText} />
        <Key type="submit">{t("attach_after.find")}</Key>
      </form>
      <div className="reasons" role="group" aria-label={t("members.title")}>
        {found.map((one) => (
          <Key key={one.id} className={member?.id === one.id ? "on" : ""} aria-pressed={member?.id === one.id} onClick={() => setMember(one)}>
            {one.name} <span className="figure">{one.phone}</span> <span className="soft">{name(one.level)}</span>
          </Key>
        ))}
      </div>
      <Reasons of={["forgot_card", "mistake"]} chosen={reason} onChoose={setReason} />
      <Key className="main" disabled={member === null || reason === null} onClick={() => void attach()}>
        {t("attach_after.do")}
      </Key>
    </section>
  );
}

/** Others sold it: commission follows them. */
export function ChangeClerks({ sale, onDone }: { sale: Schemas["Sale"]; onDone: () => void }) {
  const { t } = useWords();
  const [shares, setShares] = useState<Shares>(() => sharesOf(sale.sales_clerks));
  const [reason, setReason] = useState<string | null>(null);
  const change = async () => {
    if (reason === null) return;
    if ((await run("change_clerks", { receipt_no: sale.receipt_no, clerks: clerksOf(shares), reason })) !== null) onDone();
  };
  return (
    <section className="ask change-clerks">
      <ClerkChoice shares={shares} onShares={setShares} />
      <Reasons of={["mistake", "customer"]} chosen={reason} onChoose={setReason} />
      <Key className="main" disabled={reason === null} onClick={() => void change()}>
        {t("change_clerks.do")}
      </Key>
    </section>
  );
}

/** A top-up of this shift is taken back. */
export function ReverseTopUp({ receiptNo, amount }: { receiptNo: string; amount: number }) {
  const { t } = useWords();
  const [reason, setReason] = useState<string | null>(null);
  const reverse = async () => {
    if (reason !== null && (await run("reverse_top_up", { receipt_no: receiptNo, reason })) !== null) close();
  };
  return (
    <div className="ask">
      <p>{t("reverse.text", { no: receiptNo, amount: yuan(amount) })}</p>
      <Reasons of={["mistake", "customer"]} chosen={reason} onChoose={setReason} />
      <Notice />
      <div className="actions">
        <Key onClick={() => open({ kind: "receipts" })}>{t("back")}</Key>
        <Key className="main" disabled={reason === null} onClick={() => void reverse()}>
          {t("reverse.do")}
        </Key>
      </div>
    </div>
  );
}

/** Points given or taken by hand. */
export function PointsByHand({ member }: { member: Schemas["MemberCard"] }) {
  const { t } = useWords();
  const [text, setText] = useState("");
  const [reason, setReason] = useState<string | null>(null);
  const points = /^[-−]?\d{1,7}$/.test(text) ? Number(text.replace("−", "-")) : 0;
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (points !== 0 && reason !== null && (await run("adjust_points", { member: member.id, points, reason })) !== null) open({ kind: "member", id: member.id });
  };
  return (
    <form className="ask" onSubmit={(event) => void save(event)}>
      <p>{member.name}</p>
      <Field label={t("points.by")} first className="big figure" maxLength={8} value={text} onText={setText} />
      <Reasons of={["mistake", "gift", "customer"]} chosen={reason} onChoose={setReason} />
      <Notice />
      <Key type="submit" className="main" disabled={points === 0 || reason === null}>
        {t(points < 0 ? "points.take" : "points.give")}
      </Key>
    </form>
  );
}

/** Goods that come back without a receipt: at most what they cost today. */
export function ReturnWithout() {
  const { t, name } = useWords();
  const kinds = useMoney();
  const [text, setText] = useState("");
  const [found, setFound] = useState<Schemas["Product"][]>([]);
  const [goods, setGoods] = useState<Schemas["Product"] | null>(null);
  const [pieces, setPieces] = useState("1");
  const [amount, setAmount] = useState("");
  const [tender, setTender] = useState("cash");
  const [reason, setReason] = useState<string | null>(null);
  useEffect(() => {
    let wanted = true;
    if (text.trim() === "") setFound([]);
    else edge.read("/api/products", { query: { category: "", text: text.trim(), offset: 0, limit: FOUND } }).then((answer) => wanted && setFound(answer.products), failed);
    return () => {
      wanted = false;
    };
  }, [text]);
  const paid = readFen(amount);
  const count = /^\d{1,3}$/.test(pieces) ? Number(pieces) : 0;
  const ready = goods !== null && paid !== null && count > 0 && reason !== null;
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (goods === null || paid === null || reason === null || count === 0) return;
    const back = [{ product: goods.number, quantity: count * PIECE, amount: paid }];
    if ((await run("return_without", { goods: back, tender, reason })) !== null) close();
  };
  return (
    <form className="ask" onSubmit={(event) => void save(event)}>
      <p className="soft">{t("without.text")}</p>
      <Field label={t("without.goods")} first maxLength={40} value={text} onText={setText} />
      <div className="reasons" role="group" aria-label={t("without.goods")}>
        {found.map((product) => (
          <Key key={product.number} className={goods?.number === product.number ? "on" : ""} aria-pressed={goods?.number === product.number} onClick={() => setGoods(product)}>
            {name(product)}
          </Key>
        ))}
      </div>
      <div className="pair">
        <Field label={t("quantity.label")} inputMode="numeric" maxLength={3} value={pieces} onText={setPieces} />
        <Field label={t("without.amount")} inputMode="decimal" maxLength={10} value={amount} onText={setAmount} />
      </div>
      <div className="reasons" role="group" aria-label={t("sale.to")}>
        {kinds.map((kind) => (
          <Key key={kind.code} className={tender === kind.code ? "on" : ""} aria-pressed={tender === kind.code} onClick={() => setTender(kind.code)}>
            {name(kind)}
          </Key>
        ))}
      </div>
      <Reasons of={["customer", "damaged", "wrong"]} chosen={reason} onChoose={setReason} />
      <Notice />
      <Key type="submit" className="main" disabled={!ready}>
        {t("sale.refund", { amount: paid === null ? "" : yuan(paid) })}
      </Key>
    </form>
  );
}
