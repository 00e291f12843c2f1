/** Keys of the tools that draw, and of what is done to drawn shapes. */
import { shapes } from "../../strings/shapes";
import type { Action } from "../actions";

const { labels } = shapes;

export const DRAWING: readonly Action[] = [
  { id: "rotated", group: "tools", label: labels.rotated, keys: ["O"], run: ({ editor }) => editor.setTool("rotated") },
  {
    id: "ellipse",
    group: "tools",
    label: labels.ellipse,
    keys: ["Alt+O"],
    run: ({ editor }) => editor.setTool("ellipse"),
  },
  {
    id: "polyline",
    group: "tools",
    label: labels.polyline,
    keys: ["Alt+L"],
    run: ({ editor }) => editor.setTool("polyline"),
  },
  { id: "point", group: "tools", label: labels.point, keys: ["Alt+P"], run: ({ editor }) => editor.setTool("point") },
  { id: "boxWay", group: "tools", label: labels.boxWay, keys: ["Shift+B"], run: ({ editor }) => editor.switchBoxWay() },
  { id: "brush", group: "tools", label: labels.brush, keys: ["I"], run: ({ editor }) => editor.setTool("brush") },
  {
    id: "eraser",
    group: "tools",
    label: labels.eraser,
    keys: ["Shift+I"],
    run: ({ editor }) => editor.setTool("eraser"),
  },
  { id: "wand", group: "tools", label: labels.wand, keys: ["Alt+W"], run: ({ editor }) => editor.setTool("wand") },
  {
    id: "scissors",
    group: "tools",
    label: labels.scissors,
    keys: ["Alt+S"],
    run: ({ editor }) => editor.setTool("scissors"),
  },
  { id: "slice", group: "tools", label: labels.slice, keys: ["Shift+X"], run: ({ editor }) => editor.setTool("slice") },
  {
    id: "measure",
    group: "tools",
    label: labels.measure,
    keys: ["Alt+M"],
    run: ({ editor }) => editor.setTool("measure"),
  },
  { id: "snap", group: "tools", label: labels.snap, keys: ["Shift+N"], run: ({ editor }) => editor.toggleSnap() },
  { id: "join", group: "edit", label: labels.join, keys: ["Shift+J"], run: ({ editor }) => editor.join() },
  { id: "subtract", group: "edit", label: labels.subtract, keys: ["Shift+D"], run: ({ editor }) => editor.subtract() },
  { id: "simplify", group: "edit", label: labels.simplify, keys: ["Shift+P"], run: ({ editor }) => editor.simplify() },
  { id: "convert", group: "edit", label: labels.convert, keys: ["Shift+M"], run: ({ editor }) => editor.convert() },
  {
    id: "fillHoles",
    group: "edit",
    label: labels.fillHoles,
    keys: ["Shift+F"],
    run: ({ editor }) => editor.fillHoles(),
  },
  {
    id: "turnRight",
    group: "edit",
    label: labels.turn,
    detail: shapes.ways.clockwise,
    keys: ["."],
    run: ({ editor }) => editor.turn(1),
  },
  {
    id: "turnLeft",
    group: "edit",
    label: labels.turn,
    detail: shapes.ways.counter,
    keys: [","],
    run: ({ editor }) => editor.turn(-1),
  },
  {
    id: "turnFarRight",
    group: "edit",
    label: labels.turnFar,
    detail: shapes.ways.clockwise,
    keys: [">"],
    run: ({ editor }) => editor.turn(15),
  },
  {
    id: "turnFarLeft",
    group: "edit",
    label: labels.turnFar,
    detail: shapes.ways.counter,
    keys: ["<"],
    run: ({ editor }) => editor.turn(-15),
  },
];
