/**
 * Names of everything in the query cache. The first word says what it is, the second whose it is, so that an event of
 * the server can mark all that it touches as stale by prefix.
 */
export const keys = {
  session: ["session"] as const,
  system: ["system"] as const,
  signIn: ["signIn"] as const,
  sessions: ["sessions"] as const,
  tokens: ["tokens"] as const,
  users: ["users"] as const,
  role: (projectId: string) => ["role", projectId] as const,
  members: (projectId: string) => ["members", projectId] as const,
  audit: (projectId = "") => ["audit", projectId] as const,
  projects: (query = "", trash = false) => ["projects", query, trash] as const,
  project: (id: string) => ["project", id] as const,
  counts: (projectId: string) => ["counts", projectId] as const,
  /** Stale whenever the counts are. */
  trainingTasks: (projectId: string) => ["counts", projectId, "tasks"] as const,
  classes: (projectId: string) => ["classes", projectId] as const,
  /** Stale whenever the counts are. */
  tags: (projectId: string) => ["counts", projectId, "tags"] as const,
  images: (projectId: string, filter: object) => ["images", projectId, filter] as const,
  image: (id: string) => ["image", id] as const,
  annotations: (imageId: string) => ["annotations", imageId] as const,
  neighbours: (imageId: string, filter: object) => ["neighbours", imageId, filter] as const,
  queue: (projectId: string, but?: string) =>
    but === undefined ? (["queue", projectId] as const) : (["queue", projectId, but] as const),
  comments: (imageId: string) => ["comments", imageId] as const,
  work: (imageId: string) => ["work", imageId] as const,
  jobs: (projectId: string, kind = "") => ["jobs", projectId, kind] as const,
  job: (id: string) => ["job", id] as const,
  jobMetrics: (id: string) => ["jobMetrics", id] as const,
  jobLog: (id: string) => ["jobLog", id] as const,
  parameters: ["parameters"] as const,
  presets: ["presets"] as const,
  advice: (projectId: string) => ["counts", projectId, "advice"] as const,
  models: (projectId: string) => ["models", projectId] as const,
  model: (id: string) => ["model", id] as const,
  look: (modelId: string) => ["look", modelId] as const,
  variants: (modelId: string) => ["variants", modelId] as const,
  evaluations: (modelId: string) => ["evaluations", modelId] as const,
  report: (evaluationId: string) => ["report", evaluationId] as const,
  outcomes: (evaluationId: string, filter: object) => ["outcomes", evaluationId, filter] as const,
  versions: (projectId: string) => ["versions", projectId] as const,
  version: (id: string) => ["version", id] as const,
  losses: (projectId: string, format: string, versionId: string | null) =>
    ["losses", projectId, format, versionId] as const,
  runs: (projectId: string) => ["runs", projectId] as const,
  run: (id: string) => ["run", id] as const,
  runImages: (runId: string, filter: object) => ["runImages", runId, filter] as const,
};
