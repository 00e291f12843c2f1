export const chart = {
  save: (title: string) => `Save the chart ${title}`,
  saveShort: "Save chart",
  svg: "SVG picture",
  png: "PNG picture",
  csv: "CSV table",
  table: "Values as a table",
  tableOf: (title: string) => `Values of ${title} as a table`,
  resetZoom: "Show all",
  zoomHint: "Drag over the chart to look at a part of it; double-click shows all again.",
  noData: "Values appear here as soon as there are some.",
  summary: (title: string, values: string) => `${title}. Last values: ${values}`,
} as const;
