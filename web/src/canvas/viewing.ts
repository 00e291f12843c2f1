/** Commands on how things are shown. Nothing here changes an annotation. */
import { EditorHost } from "./host";
import { CROSSHAIRS, LABELS, nextOf, PLAIN, withLooks } from "./looks";
import type { Looks } from "./looks";
import type { Filter } from "./sight";

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

  toggleNavigator(): void {
    this.setLooks({ navigator: !this.state.looks.navigator });
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

  /** Hides proposals that are less sure. */
  setLeastScore(leastScore: number): void {
    this.set({ leastScore });
    this.#deselectUnseen();
  }

  /** Looks for some of the objects only. */
  setFilter(patch: Partial<Filter>): void {
    this.set({ filter: { ...this.state.filter, ...patch } });
    this.#deselectUnseen();
  }

  /** Shows nothing but what is selected, or all again; false where nothing is selected. */
  toggleIsolated(): boolean {
    const { isolated, selected } = this.state;
    if (!isolated && selected.size === 0) return false;
    this.set({ isolated: isolated ? null : selected });
    return true;
  }

  /** Locks them, or unlocks them where all of them are locked; false where there is none. */
  toggleLocked(ids: Iterable<string>): boolean {
    const chosen = this.annotations(ids).map(({ id }) => id);
    const locked = new Set(this.state.locked);
    const free = chosen.every((id) => locked.has(id));
    for (const id of chosen)
      if (free) locked.delete(id);
      else locked.add(id);
    this.setLocked(locked);
    return chosen.length > 0;
  }

  toggleAllLocked(): boolean {
    return this.toggleLocked((this.document?.store.all() ?? []).map(({ id }) => id));
  }

  /** What is locked in the picture on show. */
  setLocked(locked: ReadonlySet<string>): void {
    if (this.document) this.locks.set(this.document.id, locked);
    this.set({ locked, vertex: null });
  }

  #deselectUnseen(): void {
    const left = this.annotations(this.selected).filter(this.isVisible);
    if (left.length < this.selected.size) this.select(left.map(({ id }) => id));
  }
}
