import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createSpeech } from "@catena/web/i18n.ts";
import { words, type Word } from "../src/words";
import { elsewhere, rateOrMoney, sentence } from "../src/words/refusal";
import { technicianWords } from "../src/words/technician";
import { renderHook } from "@testing-library/react";

const places = (text: string) => [...text.matchAll(/\{(\w+)/g)].map((match) => match[1]).sort();
const tables = Object.entries(technicianWords.zh) as [keyof typeof technicianWords.zh, string][];

describe("words", () => {
  it("are complete in both languages", () => {
    expect(Object.keys(technicianWords.en).sort()).toEqual(Object.keys(technicianWords.zh).sort());
    expect(tables.length).toBeGreaterThan(380);
  });
  it("fill in the same things in both languages", () => {
    const differing = tables.filter(([key, text]) => [...new Set(places(text))].join() !== [...new Set(places(technicianWords.en[key]))].join()).map(([key]) => key);
    expect(differing).toEqual([]);
  });
  it("are English in English", () => {
    expect(tables.map(([key]) => technicianWords.en[key]).filter((text) => /[\u3000-\u9fff\uff00-\uffef]/.test(text))).toEqual([]);
  });
  it("use the words of the trade", () => {
    const banned = /购物车|会话|分支|离线异常|边缘节点|差异金额|游客|订单数|刷卡支付/;
    expect(tables.map(([, text]) => text).filter((text) => banned.test(text))).toEqual([]);
  });
  it("are all said somewhere", () => {
    const made = /^(refusal|what|todo|right|reason|span|mark|why|print|state|device|slips|help|bytes)\./;
    const source = readdirSync(join(import.meta.dirname, "../src"), { recursive: true, encoding: "utf8" })
      .filter((file) => /\.tsx?$/.test(file) && !/^words\/.*\.(zh|en)\.ts$/.test(file))
      .map((file) => readFileSync(join(import.meta.dirname, "../src", file), "utf8"))
      .join("\n");
    const prefixes = [...source.matchAll(/`([a-z_]+\.)\$\{/g)].map(([, prefix]) => prefix ?? "");
    const unsaid = tables.map(([key]) => key).filter((key) => !made.test(key) && !source.includes(`"${key}"`) && !prefixes.some((prefix) => key.startsWith(prefix)));
    expect(unsaid).toEqual([]);
  });
  it("stand nowhere but in their tables", () => {
    const folders = [join(import.meta.dirname, "../src"), join(import.meta.dirname, "../../../shared/web/src")];
    const loose = folders.flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((file) => /\.tsx?$/.test(file) && !file.startsWith("words") && file !== "money.ts")
        .filter((file) => /[\u3400-\u9fff]/.test(readFileSync(join(folder, file), "utf8").replace(/\/\/.*|\/\*[\s\S]*?\*\//g, "")))
    );
    expect(loose).toEqual([]);
  });
});

/** The variants of a Rust enum, as serde writes them in snake case. */
function variants(file: string, name: string): string[] {
  const source = readFileSync(join(import.meta.dirname, "../../..", file), "utf8");
  const body = source.slice(source.indexOf(`pub enum ${name} {`)).split("\n}\n")[0] ?? "";
  const found = [...body.matchAll(/(?:#\[serde\(rename = "(\w+)"\)\]\n)?^    ([A-Z]\w+)[ ,({]/gm)];
  return found.map(([, renamed, variant]) => renamed ?? (variant ?? "").replace(/(?<!^)([A-Z])/g, "_$1").toLowerCase());
}

describe("what the edge can say", () => {
  it("has a sentence for each refusal", () => {
    const codes = variants("shared/src/journal/refusal.rs", "Refusal");
    expect(codes.length).toBeGreaterThan(60);
    expect(codes).toContain("forbidden");
    expect(codes.filter((code) => !(`refusal.${code}` in words.zh))).toEqual([]);
  });
  it("has words for each trouble of a device, and what to do", () => {
    const codes = variants("hardware/src/health.rs", "Trouble");
    expect(codes).toContain("paper_out");
    expect(codes.filter((code) => !(`what.${code}` in words.zh && `todo.${code}` in words.zh))).toEqual([]);
  });
  it("has words for whatever bytes may mean", () => {
    const codes = variants("hardware/src/meaning.rs", "Meaning");
    expect(codes).toContain("same_card");
    expect(codes.filter((code) => code !== "trouble" && !(`bytes.${code}` in technicianWords.zh))).toEqual([]);
  });
});

describe("refusals", () => {
  const { result } = renderHook(createSpeech<Word>(words));
  const speech = result.current;
  it("say the numbers, and what now", () => {
    expect(sentence(speech, "over_due", { over: 652 })).toBe("超出应收 6.52，非现金不找零。请改小金额，或收现金。");
    expect(sentence(speech, "over_cap", { cap: 500000, may_add: 20000 })).toBe("记名卡上限 5,000.00，还可充 200.00。");
    expect(sentence(speech, "quantity_limit", { limit: 9999000 })).toContain("9999。");
  });
  it("say where the rest of a balance lies", () => {
    const away = [
      { branch: "b", name: "人民路店", amount: 10000, reachable: true, since_ms: null },
      { branch: "hq", name: "", amount: 8000, reachable: false, since_ms: null },
    ];
    expect(elsewhere(speech, away)).toBe("另有 180.00：100.00 在人民路店；80.00 在总部（断网暂不可用）。");
    expect(sentence(speech, "not_enough_here", { usable_here: 12000, asked: 15000, elsewhere: away })).toBe(
      "余额不足：本店可用 120.00，还差 30.00。另有 180.00：100.00 在人民路店；80.00 在总部（断网暂不可用）。可改用其他方式付余下的。",
    );
  });
  it("never leave the cashier with a code alone", () => {
    expect(sentence(speech, "something_new", {})).toContain("请再试一次");
  });
  it("say limits as discounts or as money", () => {
    expect([rateOrMoney(9000, "discount_bill", "zh"), rateOrMoney(9000, "discount_bill", "en"), rateOrMoney(9000, "return", "zh")]).toEqual(["9折", "10% off", "90.00"]);
  });
});
