import * as fc from "fast-check";

// A hundred scenes a property in everyday runs, the same ones everywhere; `make soak` hunts through many others.
const runs = process.env["PROPERTY_RUNS"];
fc.configureGlobal(runs ? { numRuns: Number(runs) } : { numRuns: 100, seed: 2026 });
