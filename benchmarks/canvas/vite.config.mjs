// Bundles the page for run.py, which gives the folder to write to, and the one where react-konva is installed, if it is.
import { existsSync } from "node:fs";

const rivals = process.env.BENCH_KONVA ?? "";
const found = (name) => existsSync(`${rivals}/node_modules/${name}`);
const names = ["react-konva", "konva", "react-dom", "react"].filter(found);

export default {
  root: import.meta.dirname,
  base: "./",
  logLevel: "warn",
  resolve: {
    alias: Object.fromEntries(
      names.map((name) => [name, `${rivals}/node_modules/${name}`]),
    ),
  },
  build: {
    outDir: process.env.BENCH_OUT,
    emptyOutDir: true,
    target: "es2022",
    rollupOptions: { external: names.length < 4 ? [/^react/, /konva$/] : [] },
  },
};
