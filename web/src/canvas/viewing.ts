/** Commands on how things are shown. Nothing here changes an annotation. */
import { EditorHost } from "./host";
import { CROSSHAIRS, LABELS, nextOf, PLAIN, withLooks } from "./looks";
import type { Looks } from "./looks";

export abstract class ViewingEditor extends EditorHost {
  /** Changes how pictures and shapes look; what makes no sense is left out. */
  setLooks(patch: Partial<Looks>): void {
    this.set({ looks: withLooks(this.state.looks, patch) });
  }

  resetLooks(): void {
    this.set({ looks: PLAIN });
  }

  toggleGrid(): void {
    this.setLooks({ grid: !this.state.looks.grid });
  }

  /** Shows the lines through the pointer never, while boxes are drawn, always. */
  cycleCrosshair(): void {
    this.setLooks({ crosshair: nextOf(CROSSHAIRS, this.state.looks.crosshair) });
  }

  /** Writes classes beside no shape, the selected ones, as many as there is room for, all. */
  cycleLabels(): void {
    this.setLooks({ labels: nextOf(LABELS, this.state.looks.labels) });
  }

  toggleHidden(ids: Iterable<string>): void {
    const hidden = new Set(this.state.hidden);
    for (const id of ids) if (!hidden.delete(id)) hidden.add(id);
    this.set({ hidden });
  }

  toggleAllHidden(): void {
    this.set({ allHidden: !this.state.allHidden });
  }
}
