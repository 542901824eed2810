/* The picture behind the welcome: mangroves on their roots, the sun over the cape, a lotus on the water. Colours come from the style sheet. */

import { svg } from "../shared/dom.js";
import { lotus } from "../shared/icons.js";

export function scene() {
  return svg("svg.scene", { viewBox: "0 -170 390 500", preserveAspectRatio: "xMidYMax slice", "aria-hidden": "true" },
    svg("rect.sky", { y: -170, width: 390, height: 500 }),
    svg("circle.sun-glow", { cx: 262, cy: 86, r: 92 }),
    svg("circle.sun", { cx: 262, cy: 86, r: 56 }),
    svg("path.far", { d: "M0 186q18-22 40-14 12-26 40-14 20-20 44-2 26-16 44 6 22-12 42 4 22-18 50-4 24-16 48 2 20-14 40 0 18-8 42 8V220H0Z" }),
    svg("rect.water", { y: 206, width: 390, height: 124 }),
    tree("translate(66 218) scale(1.25)"), tree("translate(352 214) scale(.62)"), tree("translate(176 209) scale(.4)"),
    svg("path.glint", { d: "M222 222h80M206 234h58m16 0h42M232 246h66M216 259h28m14 0h44M248 272h36" }),
    svg("path.wave", { d: "M0 262q24 8 48 0t48 0 48 0 48 0M180 292q26 8 52 0t52 0 52 0 52 0M0 312q30 8 60 0t60 0 60 0" }),
    svg("g", { transform: "translate(118 284) scale(1.35)" }, flower()));
}

function tree(transform) {
  const crown = "M-62-58q-8-30 24-36 4-30 38-28 32-6 42 22 34 2 26 38-8 20-36 14-16 14-38 4-22 10-36-4-16 2-20-10Z";
  const roots = "M0-50V0M-3-34Q-22-28-26 2M3-34Q22-28 26 2M-3-44Q-36-38-44 4M3-44Q36-38 44 4M-2-24Q-10-14-12 2M2-24Q10-14 12 2";
  return svg("g", { transform }, svg("path.roots", { d: roots }), svg("path.crown", { d: crown }),
    svg("path.crown-light", { d: "M-40-84q8-22 36-22 20-8 34 6-26-2-38 10-16-6-32 6Z" }));
}

function flower() {
  const [...parts] = lotus().children;
  return [svg("path.leaf", { d: "M-44 6q18-14 40-6 10-10 44 4-10 12-40 10-30 2-44-8Z" }), ...parts.filter((part) => part.classList.contains("petal"))];
}
