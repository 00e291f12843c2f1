import * as fc from "fast-check";

// A hundred scenes a property in everyday runs; `make soak` hunts through many more.
fc.configureGlobal({ numRuns: Number(process.env["PROPERTY_RUNS"] ?? 100) });
