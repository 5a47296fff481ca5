import { readDiscount, readQuantity } from "@catena/web/money.ts";
import { Key } from "@catena/web/kit/Key.tsx";
import { useWords } from "../words";
import { enter, open, run } from "./actions";
import { boxText, focusBox, setBox } from "./box";
import { currentLine } from "./state";

/** The number keys of a touch screen write in the scan box; two of them act on the chosen line. */
export function Pad() {
  const { t, language } = useWords();
  const type = (text: string) => () => {
    setBox(boxText() + text);
    focusBox();
  };
  const quantity = () => {
    const line = currentLine();
    const typed = readQuantity(boxText());
    if (line === null) return;
    if (typed === null) return open({ kind: "line", line, ask: "quantity" });
    setBox("");
    void run("quantity", { line: line.id, quantity: typed });
  };
  const discount = () => {
    const line = currentLine();
    const rate = readDiscount(boxText(), language);
    if (line === null) return;
    if (rate === null) return open({ kind: "line", line, ask: "discount" });
    setBox("");
    void run("line_discount", { line: line.id, rate, price: null, free: false, reason: null });
  };
  const confirm = () => {
    const text = boxText();
    setBox("");
    void enter(text);
    focusBox();
  };
  const digit = (text: string) => (
    <Key key={text} className="digit" onClick={type(text)}>
      {text}
    </Key>
  );
  return (
    <div className="pad" role="group" aria-label={t("pad.label")}>
      {["7", "8", "9"].map(digit)}
      <Key aria-label={t("pad.erase")} onClick={() => setBox(boxText().slice(0, -1))}>
        ⌫
      </Key>
      {["4", "5", "6"].map(digit)}
      <Key onClick={quantity}>{t("pad.quantity")}</Key>
      {["1", "2", "3"].map(digit)}
      <Key onClick={discount}>{t("pad.discount")}</Key>
      {["0", "00", "."].map(digit)}
      <Key onClick={confirm}>{t("pad.enter")}</Key>
    </div>
  );
}
