/* Line icons on a 24 by 24 grid, drawn in the colour of the text around them; the lotus is the sign of the house. */

import { svg } from "./dom.js";

const PATHS = {
  dossier: "M4 7a2 2 0 0 1 2-2h4l2 2.5h6a2 2 0 0 1 2 2V17a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2Z",
  inbox: "M6 9.5a6 6 0 0 1 12 0c0 5 2 6.5 2 6.5H4s2-1.5 2-6.5M10 19.5a2.2 2.2 0 0 0 4 0",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.5a7.5 7.5 0 0 1 15 0",
  back: "M15 5l-7 7 7 7",
  next: "M9 5l7 7-7 7",
  check: "M5 12.5l4.5 4.5L19 7.5",
  shield: "M12 3l7 2.5V11c0 4.8-3 8.2-7 10-4-1.8-7-5.2-7-10V5.5ZM8.5 11.8l2.5 2.5 4.5-4.8",
  download: "M12 4v11m-4.5-4L12 15.5 16.5 11M5 19.5h14",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12ZM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z",
  close: "M6 6l12 12M18 6L6 18",
  code: "M8.5 7L3.5 12l5 5M15.5 7l5 5-5 5",
  again: "M19.5 12a7.5 7.5 0 1 1-2.2-5.3M19.5 3.5v4h-4",
  warning: "M12 4l9 15.5H3ZM12 10v4.5M12 17v.2",
  clock: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 7.5V12l3 2",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.5 15.5L20 20",
  choice: "M8 7.5h8a4.5 4.5 0 0 1 0 9H8a4.5 4.5 0 0 1 0-9ZM16 14.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4Z",
  rights: "M4 20h4L19.5 8.5l-4-4L4 16ZM13 7l4 4M13.5 20H20",
  erase: "M5 7h14M9.5 7V4.5h5V7M7 7l.8 12.5h8.4L17 7M10.2 10.5v5.5m3.6-5.5v5.5",
  mail: "M4 6.5h16v11H4ZM4 7l8 6 8-6",
  file: "M6 3.5h8l4.5 4.5V20.5H6ZM14 3.5V8h4.5",
};

/** An icon for the eye only; the words beside it are for everybody. */
export function icon(name) {
  return svg("svg.icon", { viewBox: "0 0 24 24", "aria-hidden": "true" }, svg("path", { d: PATHS[name] }));
}

/** A lotus on the water. */
export function lotus() {
  const petal = "M0 0C-9-10-8-24 0-34 8-24 9-10 0 0Z";
  const petals = [-72, 72, -38, 38, 0].map((angle) => svg(`path.petal.petal-${Math.abs(angle)}`, { d: petal, transform: `rotate(${angle})` }));
  return svg("svg.lotus", { viewBox: "-40 -40 80 56", "aria-hidden": "true" },
    petals, svg("path.ripple", { d: "M-30 6q7.5 4 15 0t15 0 15 0 15 0M-16 12q8 3 16 0t16 0" }));
}
