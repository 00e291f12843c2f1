/** All tools, and how they are put down and taken up: what is half drawn waits meanwhile. */
import type { Waiting } from "./state";
import { BoxTool } from "./tools/box";
import { BrushTool } from "./tools/brush";
import { ExtremesTool } from "./tools/extremes";
import { MeasureTool } from "./tools/measure";
import { OutlineTool } from "./tools/outline";
import { PanTool } from "./tools/pan";
import { PointTool } from "./tools/point";
import { RotatedTool } from "./tools/rotated";
import { ScissorsTool } from "./tools/scissors";
import { SelectTool } from "./tools/select";
import { SliceTool } from "./tools/slice";
import { SmartTool } from "./tools/smart";
import type { Draft, Tool, ToolHost, ToolKey, ToolName } from "./tools/tool";
import { WandTool } from "./tools/wand";

/** What is half drawn in one picture, by the tool that goes on with it. */
export type Drafts = Map<ToolKey, Draft>;

export const waitingIn = (drafts: Drafts | undefined): Waiting[] =>
  Array.from(drafts ?? [], ([tool, { points }]) => ({ tool, points: points.length }));

export class Toolbox {
  readonly smart: SmartTool;
  readonly wand: WandTool;
  readonly #tools: Readonly<Record<ToolKey, Tool>>;

  constructor(host: ToolHost) {
    this.smart = new SmartTool(host);
    this.wand = new WandTool(host);
    this.#tools = {
      select: new SelectTool(host),
      box: new BoxTool(host, "box"),
      ellipse: new BoxTool(host, "ellipse"),
      extremes: new ExtremesTool(host),
      rotated: new RotatedTool(host),
      polygon: new OutlineTool(host, "polygon"),
      polyline: new OutlineTool(host, "polyline"),
      point: new PointTool(host),
      brush: new BrushTool(host, "brush"),
      eraser: new BrushTool(host, "eraser"),
      smart: this.smart,
      wand: this.wand,
      scissors: new ScissorsTool(host),
      slice: new SliceTool(host),
      measure: new MeasureTool(host),
      pan: new PanTool(host),
    };
  }

  get(key: ToolKey): Tool {
    return this.#tools[key];
  }

  /** Whether something in the hand is worth keeping. */
  get isHalfDrawn(): boolean {
    return Object.values(this.#tools).some((tool) => tool.draft?.());
  }

  /** Gives up what was begun. */
  cancel(): void {
    for (const tool of Object.values(this.#tools)) if (tool.busy) tool.cancel();
  }

  /** Gives up the present press; what is half drawn stays in the hand. */
  interrupt(): void {
    for (const tool of Object.values(this.#tools)) {
      if (tool.busy && tool.interrupt) tool.interrupt();
      else if (tool.busy) tool.cancel();
    }
  }

  /** Before another tool, or another picture (null), comes: what is half drawn is put to the others that wait. */
  putDown(to: ToolName | null, drafts: Drafts | undefined): void {
    for (const key of Object.keys(this.#tools) as ToolKey[]) {
      const tool = this.#tools[key];
      tool.leave?.(to);
      const draft = tool.draft?.();
      if (draft) drafts?.set(key, draft);
    }
    this.cancel();
  }

  /** Goes on with what waits for a tool. */
  takeUp(key: ToolKey, drafts: Drafts | undefined): void {
    const draft = drafts?.get(key);
    if (!draft) return;
    drafts?.delete(key);
    this.#tools[key].resume?.(draft);
  }
}
