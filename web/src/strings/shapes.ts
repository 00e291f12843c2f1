/** Words of the tools that draw and of what is done to drawn shapes. */
export const shapes = {
  options: "Options of the tool",
  labels: {
    rotated: "Draw rotated boxes",
    boxWay: "Box by corners or by four outermost points",
    corners: "Box by two corners",
    extremes: "Box by four outermost points",
    turn: "Turn a rotated box by 1 degree",
    turnFar: "Turn a rotated box by 15 degrees",
    snapTurn: "Turn or draw in steps of 15 degrees",
  },
  keys: { turnHandle: "drag round handle" },
} as const;
