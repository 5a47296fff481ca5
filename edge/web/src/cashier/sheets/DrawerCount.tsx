import { Field } from "@catena/web/kit/Field.tsx";
import { Key } from "@catena/web/kit/Key.tsx";
import { fen, readFen, yuan } from "@catena/web/money.ts";
import { type FormEvent, useState } from "react";
import type { Schemas } from "../../api";
import { useWords } from "../../words";
import { loadTill, run } from "../actions";

/** Notes and coins of one face, in minor units. */
const FACES = [10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10];

/** Closes the shift: a blind count, then what should lie there, then another count or the hand-over. */
export function DrawerCount({ shift, onChange }: { shift: Schemas["Shift"]; onChange: (shift: Schemas["Shift"]) => void }) {
  const { t } = useWords();
  const [again, setAgain] = useState(false);
  const last = shift.counts.at(-1);
  const counted = (shift: Schemas["Shift"]) => {
    onChange(shift);
    setAgain(false);
  };
  return (
    <fieldset>
      <legend>{t("shift.close")}</legend>
      {last === undefined || again ? <Count onCounted={counted} /> : <HandOver shift={shift} last={last} onAgain={() => setAgain(true)} />}
    </fieldset>
  );
}

function Count({ onCounted }: { onCounted: (shift: Schemas["Shift"]) => void }) {
  const { t } = useWords();
  const [counted, setCounted] = useState("");
  const [faces, setFaces] = useState<Record<number, string> | null>(null);
  const pieces = FACES.map((face) => ({ face, pieces: Number(faces?.[face] ?? "") || 0 })).filter((one) => one.pieces > 0);
  const sum = pieces.reduce((sum, one) => sum + one.face * one.pieces, 0);
  const cash = faces === null ? readFen(counted) : sum;
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (cash === null) return;
    const answer = await run("shift_count", { counted: cash, pieces });
    if (answer?.shift) onCounted(answer.shift);
  };
  return (
    <form onSubmit={(event) => void save(event)}>
      <p className="soft">{t("shift.blind")}</p>
      {faces === null ? (
        <Field label={t("shift.count")} first className="big figure" inputMode="decimal" maxLength={10} value={counted} onText={setCounted} />
      ) : (
        <>
          <div className="pair faces">
            {FACES.map((face, at) => (
              <Field key={face} label={`${fen(face)} ×`} first={at === 0} className="figure" inputMode="numeric" maxLength={5} value={faces[face] ?? ""} onText={(text) => setFaces({ ...faces, [face]: text.replace(/\D/g, "") })} />
            ))}
          </div>
          <p className="due">
            <span>{t("z.counted")}</span>
            <b className="figure">{yuan(sum)}</b>
          </p>
        </>
      )}
      <div className="actions">
        <Key data-act="faces" onClick={() => setFaces(faces === null ? {} : null)}>
          {t(faces === null ? "shift.by_face" : "shift.by_sum")}
        </Key>
        <Key type="submit" className="main" disabled={cash === null}>
          {t("shift.do_count")}
        </Key>
      </div>
    </form>
  );
}

function HandOver({ shift, last, onAgain }: { shift: Schemas["Shift"]; last: Schemas["ZCount"]; onAgain: () => void }) {
  const { t } = useWords();
  const [note, setNote] = useState("");
  const [handOn, setHandOn] = useState(false);
  const over = last.counted - last.expected;
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const answer = await run("shift_close", { note: note.trim() === "" ? null : note.trim(), hand_on: handOn });
    if (answer !== null) void loadTill();
  };
  return (
    <form onSubmit={(event) => void save(event)}>
      <p className={`due ${over === 0 ? "" : "bad"}`}>
        <span>{t(over === 0 ? "z.even" : over > 0 ? "z.over" : "z.short")}</span>
        <b className="figure">{yuan(over)}</b>
      </p>
      <Counts counts={shift.counts} />
      {shift.held_here === 0 ? null : (
        <label>
          <input type="checkbox" name="hand_on" checked={handOn} onChange={(event) => setHandOn(event.target.checked)} /> {t("shift.hand_on", { n: shift.held_here })}
        </label>
      )}
      <Field label={t("shift.note")} first maxLength={80} value={note} onText={setNote} />
      <div className="actions">
        <Key data-act="again" onClick={onAgain}>
          {t("shift.count_again")}
        </Key>
        <Key type="submit" className="main" data-act="close">
          {t("shift.do_close")}
        </Key>
      </div>
    </form>
  );
}

/** Every count, the last one with its notes and coins. */
export function Counts({ counts }: { counts: Schemas["ZCount"][] }) {
  const { t } = useWords();
  return (
    <>
      {counts.map((count, at) => (
        <p key={count.at_ms} className="soft">
          {t("z.count", { n: at + 1 })} {fen(count.counted)} · {t("z.expected")} {fen(count.expected)}
          {count.pieces.map((one) => ` · ${fen(one.face)} × ${one.pieces}`)}
        </p>
      ))}
    </>
  );
}
