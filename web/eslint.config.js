import js from "@eslint/js";
import reactHooks from "eslint-plugin-react-hooks";
import globals from "globals";
import tseslint from "typescript-eslint";

const sizes = {
  "max-lines": ["error", { max: 400 }],
  // A flat switch over a tag is one decision.
  complexity: ["error", { max: 10, variant: "modified" }],
};

export default tseslint.config(
  { ignores: ["node_modules", "dist", "src/api/schema.gen.ts"] },
  js.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      globals: globals.browser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      ...sizes,
      "no-console": "error",
      eqeqeq: ["error", "always"],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
    },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    ignores: ["src/**/*.test.{ts,tsx}"],
    plugins: { "react-hooks": reactHooks },
    rules: reactHooks.configs.recommended.rules,
  },
  {
    // In markup every `&&` and `??` counts as a path: components get a little more room, and no bound on lines of their own.
    files: ["src/**/*.tsx"],
    rules: { complexity: ["error", { max: 15, variant: "modified" }] },
  },
  {
    files: ["src/**/*.ts"],
    ignores: ["src/**/*.test.ts"],
    rules: { "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }] },
  },
  {
    // The canvas knows no React and no network: it may import itself and two pure packages of geometry, nothing else.
    files: ["src/canvas/**/*.{ts,tsx}"],
    ignores: ["src/canvas/**/*.test.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              regex: "^(?!\\.|flatbush$|clipper-lib$)",
              message: "src/canvas imports nothing outside itself (flatbush and clipper-lib excepted).",
            },
            {
              regex: "(^|/)(api|annotate|features|app|components|lib|i18n|theme)(/|$)",
              message: "src/canvas imports nothing outside itself.",
            },
          ],
        },
      ],
      "no-restricted-globals": ["error", "fetch", "XMLHttpRequest", "EventSource", "indexedDB", "localStorage"],
    },
  },
  { files: ["*.js"], languageOptions: { globals: globals.node } },
);
