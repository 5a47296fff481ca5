// The one look of the pages: quiet ground, one green, big targets. The same values as `theme.css`, for Ant Design.
import type { ThemeConfig } from "antd";

/** Colours by their use. Each text colour reaches 4.5 : 1 on the grounds it is used on. */
export const colours = {
  green: "#0f6b5c",
  greenDark: "#0b5347",
  greenPale: "#e6f2ef",
  ground: "#eff1f0",
  paper: "#ffffff",
  line: "#dfe4e2",
  ink: "#16211e",
  inkSoft: "#4c5a56",
  red: "#b3261e",
  redPale: "#fcebe9",
  amber: "#8a5300",
  amberPale: "#fff3dc",
  gold: "#7a5a12",
  /** One hue per branch or category in charts, told apart also by the colour-blind. */
  series: ["#0f6b5c", "#c98a1b", "#4d6fb3", "#b0524a", "#6c8f2f", "#7a5aa6", "#2f94a8", "#8a6d5a"],
} as const;

/** Fonts that are on the machine; no web font is shipped. */
export const fontFamily = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", system-ui, sans-serif';

/** Ant Design's tokens: greys dark enough for AA, no muddy shades derived from the green. */
export const antdTheme: ThemeConfig = {
  token: {
    colorPrimary: colours.green,
    colorPrimaryBg: colours.greenPale,
    colorPrimaryBgHover: "#d6eae5",
    colorLink: colours.green,
    colorText: colours.ink,
    colorTextSecondary: colours.inkSoft,
    colorTextTertiary: colours.inkSoft,
    colorTextDescription: colours.inkSoft,
    colorTextPlaceholder: "#66736f",
    colorError: colours.red,
    colorErrorBg: colours.redPale,
    colorErrorBorder: "#eab9b4",
    colorErrorText: colours.red,
    colorWarning: colours.amber,
    colorWarningBg: colours.amberPale,
    colorWarningBorder: "#ecd09a",
    colorWarningText: colours.amber,
    colorInfo: colours.green,
    colorInfoBg: colours.greenPale,
    colorInfoBorder: "#b9d8d0",
    colorSuccess: "#1f6b3a",
    colorSuccessBg: "#e7f4ea",
    colorSuccessBorder: "#b5d9bf",
    colorBgLayout: colours.ground,
    colorBorderSecondary: colours.line,
    borderRadius: 8,
    controlHeight: 40,
    fontSize: 15,
    fontFamily,
    // Nothing moves without a reason; a panel is there when it is asked for.
    motion: false,
  },
  components: {
    Menu: { itemSelectedBg: colours.greenPale, itemSelectedColor: colours.greenDark },
    Button: { primaryShadow: "none", defaultShadow: "none", dangerShadow: "none" },
    Table: { headerBg: "#f5f7f6" },
  },
};
