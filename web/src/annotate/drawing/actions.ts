/** Keys of the tools that draw, and of what is done to drawn shapes. */
import { shapes } from "../../strings/shapes";
import type { Action } from "../actions";

const { labels } = shapes;

export const DRAWING: readonly Action[] = [
  { group: "tools", label: labels.rotated, keys: ["O"], run: ({ editor }) => editor.setTool("rotated") },
  { group: "tools", label: labels.boxWay, keys: ["Shift+B"], run: ({ editor }) => editor.switchBoxWay() },
  { group: "tools", label: labels.brush, keys: ["I"], run: ({ editor }) => editor.setTool("brush") },
  { group: "tools", label: labels.eraser, keys: ["Shift+I"], run: ({ editor }) => editor.setTool("eraser") },
  { group: "tools", label: labels.slice, keys: ["Shift+C"], run: ({ editor }) => editor.setTool("slice") },
  { group: "tools", label: labels.snap, keys: ["Shift+N"], run: ({ editor }) => editor.toggleSnap() },
  { group: "edit", label: labels.join, keys: ["Shift+J"], run: ({ editor }) => editor.join() },
  { group: "edit", label: labels.subtract, keys: ["Shift+S"], run: ({ editor }) => editor.subtract() },
  { group: "edit", label: labels.simplify, keys: ["Shift+P"], run: ({ editor }) => editor.simplify() },
  { group: "edit", label: labels.convert, keys: ["Shift+M"], run: ({ editor }) => editor.convert() },
  { group: "edit", label: labels.fillHoles, keys: ["Shift+F"], run: ({ editor }) => editor.fillHoles() },
  { group: "edit", label: labels.turn, keys: ["."], run: ({ editor }) => editor.turn(1) },
  { group: "edit", label: labels.turn, keys: [","], run: ({ editor }) => editor.turn(-1) },
  { group: "edit", label: labels.turnFar, keys: [">"], run: ({ editor }) => editor.turn(15) },
  { group: "edit", label: labels.turnFar, keys: ["<"], run: ({ editor }) => editor.turn(-15) },
];

/** The first key of one of them, for hints on buttons. */
export const drawingKey = (label: string): string => DRAWING.find((action) => action.label === label)?.keys[0] ?? "";
