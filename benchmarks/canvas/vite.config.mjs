// Bundles the page for run.py, which gives the folder to write to.
export default {
  root: import.meta.dirname,
  base: "./",
  logLevel: "warn",
  build: { outDir: process.env.BENCH_OUT, emptyOutDir: true, target: "es2022" },
};
