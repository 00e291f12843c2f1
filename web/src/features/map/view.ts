export const COLOURS = ["class", "split", "state"] as const;
export type Colour = (typeof COLOURS)[number];

/** What the map shows; kept in the address. */
export interface MapView {
  colour?: Exclude<Colour, "class">;
  /** The image whose likes are listed. */
  similar?: string;
}

/** Read it from the address; what is unknown there is dropped, what is usual is left out. */
export function parseMapView(search: Record<string, unknown>): MapView {
  const found: MapView = {};
  const colour = COLOURS.find((name) => name === search["colour"]);
  const similar = search["similar"];
  if (colour !== undefined && colour !== "class") found.colour = colour;
  if (typeof similar === "string" && similar !== "") found.similar = similar;
  return found;
}
