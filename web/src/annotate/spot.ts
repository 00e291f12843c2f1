/** A place in the picture that an address may name: `at` are x0, y0, x1, y1 in its pixels, `object` an annotation. */
export interface Spot {
  at?: string;
  object?: string;
}

const PLACE = /^-?\d+(\.\d+)?(,-?\d+(\.\d+)?){3}$/;

/** Read it from the address; what is none is dropped. */
export function parseSpot(search: Record<string, unknown>): Spot {
  const { at, object } = search;
  return {
    ...(typeof at === "string" && PLACE.test(at) ? { at } : {}),
    ...(typeof object === "string" && object !== "" ? { object } : {}),
  };
}

/** The place as bounds; undefined where the address names none. */
export function boundsOfSpot({ at }: Spot): readonly [number, number, number, number] | undefined {
  const [x0, y0, x1, y1] = (at ?? "").split(",").map(Number);
  if (x0 === undefined || y0 === undefined || x1 === undefined || y1 === undefined) return undefined;
  return x1 > x0 && y1 > y0 ? [x0, y0, x1, y1] : undefined;
}
