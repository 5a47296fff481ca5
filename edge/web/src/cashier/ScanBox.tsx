import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { yuan } from "@catena/web/money.ts";
import { edge, type Schemas } from "../api";
import { useWords } from "../words";
import { enter } from "./actions";
import { setBox } from "./box";
import { isAgain, Wedge } from "./wedge";

/** Typed text is looked up after this pause; a scanner's burst is over before. */
const LOOK_UP_AFTER_MS = 140;
/** Codes are taken whole; only shorter digits and names are looked up while typing. */
const CODE = /^\d{6,}$|^\d+\*|^\*/;

/** The one box that takes everything. */
export function ScanBox() {
  const { t, name } = useWords();
  const wedge = useRef(new Wedge());
  const swallow = useRef(false);
  const [found, setFound] = useState<{ text: string; candidates: Schemas["Candidate"][] } | null>(null);
  const [marked, setMarked] = useState(-1);
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(pause.current), []);

  const forget = () => {
    clearTimeout(pause.current);
    setFound(null);
    setMarked(-1);
  };
  const typed = (input: HTMLInputElement) => {
    const text = input.value.trim();
    if (text === "") wedge.current.clear();
    forget();
    if (text.length < 2 || CODE.test(text) || /^[\d.]+$/.test(text)) return;
    pause.current = setTimeout(() => {
      edge.read("/api/search", { query: { text } }).then(
        ({ candidates }) => {
          if (input.value.trim() === text && candidates.length > 0) setFound({ text, candidates });
        },
        () => setFound(null),
      );
    }, LOOK_UP_AFTER_MS);
  };
  const take = (text: string, choice: string | null) => {
    forget();
    setBox("");
    void enter(text, choice);
  };
  const keyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const composing = event.nativeEvent.isComposing || event.key === "Process";
    const isEnter = event.code === "Enter" || event.code === "NumpadEnter" || (event.code === "" && event.key === "Enter");
    if (!isEnter) {
      if (found !== null && !composing && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
        event.preventDefault();
        event.stopPropagation();
        const step = event.key === "ArrowDown" ? 1 : -1;
        setMarked((now) => Math.max(-1, Math.min(found.candidates.length - 1, now + step)));
        return;
      }
      if (event.key === "Escape") forget();
      if (!event.ctrlKey && !event.altKey && !event.metaKey) wedge.current.press(event.code, event.shiftKey, composing, event.timeStamp);
      return;
    }
    const scan = wedge.current.burst(event.timeStamp);
    if (composing && scan === null) return;
    event.preventDefault();
    // The same goods twice are two pieces; a staff card twice must not type a PIN into the sheet that the first one opens.
    if (scan !== null) isAgain(scan, event.timeStamp);
    const input = event.currentTarget;
    const text = wedge.current.read(input.value, event.timeStamp);
    if (composing) {
      swallow.current = true;
      input.blur();
      input.focus();
    }
    const choice = found !== null && marked >= 0 ? (found.candidates[marked]?.choice ?? null) : null;
    take(text, choice);
  };
  return (
    <div className="scan" role="search">
      <input
        id="box"
        className="box"
        aria-label={t("box.label")}
        placeholder={t("box.hint")}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        maxLength={120}
        enterKeyHint="go"
        role="combobox"
        aria-expanded={found !== null}
        aria-controls="suggestions"
        onKeyDown={keyDown}
        onChange={(event) => typed(event.currentTarget)}
        onCompositionEnd={(event) => {
          if (swallow.current) event.currentTarget.value = "";
          swallow.current = false;
          typed(event.currentTarget);
        }}
      />
      {found === null ? null : (
        <ul className="suggestions" id="suggestions" role="listbox" aria-label={t("box.suggestions")}>
          {found.candidates.map((candidate, index) => (
            <li
              key={candidate.choice}
              role="option"
              className={index === marked ? "key on" : "key"}
              aria-selected={index === marked}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => take(found.text, candidate.choice)}
            >
              <CandidateText candidate={candidate} name={name} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** One candidate in a line: what it is, and enough to tell it from the others; never a balance. */
export function CandidateText({ candidate, name }: { candidate: Schemas["Candidate"]; name: (of: { name: string; name_en: string }) => string }) {
  const { t } = useWords();
  const { product, member } = candidate;
  return (
    <>
      <span className="soft why">{t(`why.${candidate.why}`)}</span>
      {product === null ? null : (
        <>
          <span className="what">{name(product)}</span>
          <span className="soft figure">{product.code}</span>
          <b className="figure">{product.price === null ? "—" : yuan(product.price)}</b>
        </>
      )}
      {member === null ? null : (
        <>
          <span className="what">{member.name}</span>
          <span className="figure">{member.phone}</span>
          <span className="soft">{name(member.level)}</span>
        </>
      )}
      {product === null && member === null ? <span className="what">{candidate.choice}</span> : null}
    </>
  );
}
