/** A page that shows a scene: what the comparison asks of each. */
export interface Rival {
  open(stage: HTMLElement, kind: string, count: number): Promise<unknown>;
  zoom(factor: number, at: readonly [number, number]): void;
  pan(dx: number, dy: number): void;
  close(): void;
}
