import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";
import { common } from "../strings/common";

/** Neutral greys without a tint, so that they never argue with the colours of a picture. */
const gray: MantineColorsTuple = [
  "#fafafa",
  "#f4f4f5",
  "#e9e9ea",
  "#dcdcde",
  "#c7c7ca",
  "#a6a6aa",
  "#7d7d82",
  "#5c5c61",
  "#3d3d41",
  "#242427",
];

const dark: MantineColorsTuple = [
  "#d4d4d6",
  "#b4b4b7",
  "#8e8e92",
  "#65656a",
  "#414145",
  "#343437",
  "#29292c",
  "#1f1f21",
  "#18181a",
  "#111113",
];

/** The one accent: an ink blue far enough from every class colour. */
const ink: MantineColorsTuple = [
  "#eef2ff",
  "#dfe6fc",
  "#bfccf6",
  "#9cb0ef",
  "#7d97e8",
  "#637fdf",
  "#4a68d2",
  "#3c57ba",
  "#33499c",
  "#2a3b7d",
];

/** Dark enough in its filled shades for white words. */
const red: MantineColorsTuple = [
  "#fff0f0",
  "#ffe3e3",
  "#ffc9c9",
  "#ffa8a8",
  "#ff8787",
  "#f25c5c",
  "#d63333",
  "#c92a2a",
  "#b02525",
  "#951f1f",
];

const DIALOG_TITLE = { fontWeight: 600, fontSize: "17px" };
const CLOSE = { "aria-label": common.close };
const RAISED = { background: "var(--bw-raised)" };
/** Explanations stand under their field, so that fields of a row stand in line. */
const BELOW = ["label", "input", "error", "description"];

export const theme = createTheme({
  colors: { gray, dark, ink, red },
  primaryColor: "ink",
  primaryShade: { light: 7, dark: 6 },
  black: "#1c1c1f",
  autoContrast: true,
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, sans-serif",
  fontFamilyMonospace: "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace",
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "20px" },
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "22px", lineHeight: "32px" },
      h2: { fontSize: "17px", lineHeight: "24px" },
      h3: { fontSize: "14px", lineHeight: "24px" },
    },
  },
  spacing: { xs: "4px", sm: "8px", md: "16px", lg: "24px", xl: "32px" },
  radius: { xs: "2px", sm: "4px", md: "6px", lg: "8px", xl: "12px" },
  defaultRadius: "md",
  cursorType: "pointer",
  focusRing: "auto",
  respectReducedMotion: true,
  components: {
    Text: { defaultProps: { size: "md" } },
    Badge: { defaultProps: { variant: "light", radius: "sm", tt: "none" } },
    Button: { defaultProps: { size: "sm" } },
    ActionIcon: { defaultProps: { variant: "subtle", color: "gray", size: "lg" } },
    TextInput: { defaultProps: { size: "sm", inputWrapperOrder: BELOW } },
    PasswordInput: { defaultProps: { size: "sm", inputWrapperOrder: BELOW } },
    NumberInput: { defaultProps: { size: "sm", inputWrapperOrder: BELOW } },
    Select: {
      defaultProps: { size: "sm", inputWrapperOrder: BELOW, allowDeselect: false, comboboxProps: { shadow: "md" } },
    },
    Textarea: { defaultProps: { size: "sm", inputWrapperOrder: BELOW } },
    Tooltip: { defaultProps: { openDelay: 400, withArrow: true, fz: "sm" } },
    Modal: {
      defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.35 }, closeButtonProps: CLOSE },
      // The dialog has a padding around the whole: without the offset what is scrolled away shows above the header.
      styles: {
        title: DIALOG_TITLE,
        content: RAISED,
        header: { ...RAISED, top: "calc(-1 * var(--mantine-spacing-md))" },
      },
    },
    Drawer: {
      defaultProps: { overlayProps: { backgroundOpacity: 0.2 }, closeButtonProps: CLOSE },
      styles: { title: DIALOG_TITLE, content: RAISED, header: RAISED },
    },
    Notification: { defaultProps: { closeButtonProps: CLOSE } },
    Menu: { defaultProps: { shadow: "md", position: "bottom-end", withInitialFocusPlaceholder: false } },
    Alert: { defaultProps: { variant: "light" } },
    Paper: { defaultProps: { withBorder: true, p: "md", bg: "var(--bw-raised)" } },
    Table: { defaultProps: { verticalSpacing: 6, horizontalSpacing: "sm" } },
  },
});

/** Colours beside Mantine's own, for the whole application and again for the editor, which has a scheme of its own. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--bw-line": "var(--mantine-color-gray-3)",
    "--bw-raised": "#fff",
    "--bw-sunken": "var(--mantine-color-gray-1)",
    "--bw-warning-frame": "#d6293e",
    "--bw-warning-text": "#b31d31",
    "--mantine-color-body": "#fcfcfc",
    "--mantine-color-dimmed": "var(--mantine-color-gray-7)",
    // Coloured words must be readable on white and on their own pale ground (WCAG AA).
    "--mantine-color-red-text": "#c92a2a",
    "--mantine-color-orange-text": "#a83a08",
    "--mantine-color-red-light-color": "#a61e1e",
    "--mantine-color-orange-light-color": "#8a3206",
    "--mantine-color-green-light-color": "#1d6a2d",
  },
  dark: {
    "--bw-line": "var(--mantine-color-dark-5)",
    "--bw-raised": "var(--mantine-color-dark-7)",
    "--bw-sunken": "var(--mantine-color-dark-9)",
    "--bw-warning-frame": "#ff6b7a",
    "--bw-warning-text": "#ff8a96",
    "--mantine-color-body": "var(--mantine-color-dark-8)",
    "--mantine-color-dimmed": "var(--mantine-color-dark-1)",
    // A calm ground: what is wrong is said by the words, not shouted by the surface.
    "--mantine-color-red-light": "#3f1d20",
    "--mantine-color-red-light-hover": "#4c2226",
    "--mantine-color-orange-light": "#40260f",
    "--mantine-color-orange-light-hover": "#4d2e12",
  },
});
